import { join } from "node:path";
import { bundleFunction, FUNCTIONS } from "./bundle-function.ts";

/** node infra/bundle/main.ts OUT [NAME…]: functions into OUT/{name}/index.mjs, all by default; prints their sizes. */
const [out, ...names] = process.argv.slice(2);
const wanted = FUNCTIONS.filter((name) => names.length === 0 || names.includes(name));
if (!out || wanted.length < names.length) {
  process.stderr.write(`Usage: node infra/bundle/main.ts OUT [NAME…], of ${FUNCTIONS.join(", ")}\n`);
  process.exit(2);
}
for (const name of wanted) {
  const bytes = await bundleFunction(name, join(out, name));
  process.stdout.write(`${name.padEnd(18)} ${(bytes / 1000).toFixed(0).padStart(5)} kB\n`);
}
