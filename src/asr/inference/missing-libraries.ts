import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Names of shared libraries that the loader does not find: what `file` needs, and those of `opened`, which it opens by
 * itself at work. onnxruntime does not say which one it is. Empty where the machine has no loader to ask (not Linux).
 */
export async function missingLibraries(file: string, opened: readonly string[] = []): Promise<string[]> {
  const needed = await run("ldd", [file]).catch(() => ({ stdout: "" }));
  const missing = [...needed.stdout.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name);
  const later = await Promise.all(opened.map(async (name) => ((await isFound(name)) ? [] : [name])));
  return [...new Set([...missing, ...later.flat()])];
}

/** As for any program: LD_LIBRARY_PATH, then the system's cache. */
async function isFound(name: string): Promise<boolean> {
  const preload = ["-c", 'LD_PRELOAD="$1" exec /bin/true', "sh", name];
  const { stderr } = await run("/bin/sh", preload).catch(() => ({ stderr: "" }));
  return !stderr.includes(`'${name}' from LD_PRELOAD cannot be preloaded`);
}

/** A sentence's part: what `file` lacks, and where it comes from. */
export function describeMissing(file: string, missing: readonly string[]): string {
  const driver = missing.includes("libcuda.so.1") ? " (libcuda.so.1 is part of NVIDIA's driver)" : "";
  return `${basename(file)} lacks ${missing.join(", ")}${driver}`;
}
