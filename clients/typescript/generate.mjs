// Writes src/schema.d.ts from the OpenAPI document, or with --stdout to standard output.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));
const document = execFileSync("npm", ["run", "--silent", "openapi"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 2 ** 26,
});
const types = astToString(await openapiTS(JSON.parse(document), { alphabetize: true }));
const text = `// Generated from the OpenAPI document by openapi-typescript: npm run clients\n\n${types}`;
if (process.argv.includes("--stdout")) process.stdout.write(text);
else writeFileSync(new URL("src/schema.d.ts", import.meta.url), text);
