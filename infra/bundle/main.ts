import { join } from "node:path";
import { bundleFunction, FUNCTIONS } from "./bundle-function.ts";

/** node infra/bundle/main.ts OUT: every function into OUT/{name}/index.mjs; prints their sizes. */
const [out] = process.argv.slice(2);
if (!out) {
  process.stderr.write("Usage: node infra/bundle/main.ts OUT\n");
  process.exit(2);
}
for (const name of FUNCTIONS) {
  const bytes = await bundleFunction(name, join(out, name));
  process.stdout.write(`${name.padEnd(18)} ${(bytes / 1000).toFixed(0).padStart(5)} kB\n`);
}
