import { execFile } from "node:child_process";
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { python } from "../support/python.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Between what one program prints and what the next does. */
const RULE = "-".repeat(20);
const TYPES = [
  ...["--ignoreConfig", "--noEmit", "--strict", "--allowImportingTsExtensions", "--target", "esnext"],
  ...["--module", "nodenext", "--types", "node", "--typeRoots", join(ROOT, "node_modules/@types")],
];

/** A folder as a developer has one: these copies of a recording, and the typed client installed. */
export async function project(recording: string, names: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) await copyFile(recording, join(folder, name));
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await mkdir(join(folder, "node_modules/@scriptorium"), { recursive: true });
  await symlink(join(ROOT, "clients/typescript"), join(folder, "node_modules/@scriptorium/client"));
  return folder;
}

export interface Programs {
  curl: readonly string[];
  TypeScript: readonly string[];
  Python: readonly string[];
}

/** What each prints, there. What they import is loaded once for all of a language. Throws where one fails, or has wrong types. */
export async function runAll(
  folder: string,
  programs: Programs,
  own: Record<string, string>,
): Promise<Programs> {
  const env = { ...process.env, ...own };
  const write = (codes: readonly string[], extension: string) =>
    Promise.all(
      codes.map(async (code, index) => {
        const path = join(folder, `program-${index}.${extension}`);
        await writeFile(path, code);
        return path;
      }),
    );
  const curl: string[] = [];
  for (const path of await write(programs.curl, "sh"))
    curl.push((await run("bash", ["-e", path], { cwd: folder, env })).stdout);
  const ts = await write(programs.TypeScript, "ts");
  await run(join(ROOT, "node_modules/.bin/tsc"), [...TYPES, ...ts], { cwd: folder });
  const inNode = `for (const path of process.argv.slice(1)) { await import(path); console.log("${RULE}"); }`;
  const args = ["--input-type=module", "-e", inNode, ...ts];
  const TypeScript = split((await run(process.execPath, args, { cwd: folder, env })).stdout);
  const inPython = `import os, runpy, sys
os.chdir(sys.argv[1])
for path in sys.argv[2:]:
    runpy.run_path(path)
    print("${RULE}")`;
  const Python = split(await python(["-c", inPython, folder, ...(await write(programs.Python, "py"))], own));
  return { curl, TypeScript, Python };
}

const split = (output: string) => output.split(`${RULE}\n`).slice(0, -1);
