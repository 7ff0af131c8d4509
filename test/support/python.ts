import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { describe } from "vitest";

const run = promisify(execFile);

/** A suite that needs packages of Python: left out on a machine without them, but failing on the build server. */
export function describeWithPython(...modules: string[]) {
  const found = spawnSync("python3", ["-c", `import ${modules.join(", ")}`]).status === 0;
  return describe.skipIf(!found && process.env.CI === undefined);
}

/** What the program writes. Throws, with what it says about it, where it fails. */
export async function python(args: string[], environment: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run("python3", args, { env: { ...process.env, ...environment } });
  return stdout;
}
