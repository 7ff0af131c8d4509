import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { progress } from "../engine.ts";

export const SCALE_MODELS = ["dense-225m", "moe-1b", "dense-1b"] as const;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CACHE = join(ROOT, ".cache", "scale");

export interface PackWishes {
  models: readonly string[];
  /** Of those, which are wanted with 8-bit weights too. */
  int8: readonly string[];
  python: string;
  /** More arguments of training.measure.scale, for a trial in small. */
  make: string;
}

/** Folders of the packs, in the order of models, each followed by its 8-bit form. What is missing is made, once. */
export async function makePacks({ models, int8, python, make }: PackWishes): Promise<string[]> {
  const folders: string[] = [];
  for (const model of models) {
    const variant = make.trim() === "" ? "" : `-${make.trim().replaceAll(/[^\w]+/g, "")}`;
    const folder = join(CACHE, `${model}${variant}`);
    const more = make.split(/\s+/).filter((argument) => argument !== "");
    await makeOnce(folder, python, (output) => [
      "training.measure.scale",
      "--model",
      model,
      "--output",
      output,
      ...more,
    ]);
    folders.push(folder);
    if (!int8.includes(model)) continue;
    await makeOnce(`${folder}-int8`, python, (output) => [
      "training.export.quantise",
      "--pack",
      folder,
      "--output",
      output,
    ]);
    folders.push(`${folder}-int8`);
  }
  return folders;
}

export async function packBytes(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function makeOnce(
  folder: string,
  python: string,
  argumentsFor: (output: string) => string[],
): Promise<void> {
  if (existsSync(join(folder, "model.json"))) return;
  await checkPython(python);
  await mkdir(CACHE, { recursive: true });
  // Renamed when it is whole: one that was broken off must not be taken for a pack.
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  progress(`making ${folder}`);
  const made = spawn(python, ["-m", ...argumentsFor(part)], { cwd: ROOT, stdio: ["ignore", 2, 2] });
  const [code] = await once(made, "exit");
  if (code !== 0) throw new Error(`${python} -m ${argumentsFor(part).join(" ")} ended with ${code}`);
  await rename(part, folder);
}

async function checkPython(python: string): Promise<void> {
  await promisify(execFile)(python, ["-c", "import torch, onnx"]).catch((error: Error) => {
    const reason = error.message.trim().split("\n").at(-1);
    throw new Error(
      `The packs are made by training/, which ${python} cannot run (${reason}). ` +
        `Install training/requirements.txt and name that Python by --python, or name packs by --packs.`,
    );
  });
}
