import { execFile } from "node:child_process";
import { cp, glob, mkdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DOCKERFILE = join(ROOT, "containers/worker/Dockerfile");

/** A COPY from the repository: patterns of sources, and where they go. */
export interface Copy {
  sources: string[];
  target: string;
}

export interface WorkerImage {
  copies: Copy[];
  /** `npm ci` with its options. */
  install: string[];
  /** What the container runs, the program's name first. */
  command: string[];
  text: string;
}

/** What the worker's Dockerfile says, as far as it can be done without Docker. */
export async function readWorkerImage(): Promise<WorkerImage> {
  const text = await readFile(DOCKERFILE, "utf8");
  const lines = text.replaceAll(/\\\n\s*/g, " ").split("\n");
  const copies = lines
    .filter((line) => line.startsWith("COPY ") && !line.includes("--from="))
    .map((line) => line.split(/\s+/).slice(1))
    .map((paths) => ({ sources: paths.slice(0, -1), target: paths.at(-1)! }));
  const install = /npm ci[^&]*/.exec(lines.find((line) => line.includes("npm ci")) ?? "")?.[0] ?? "";
  const command = lines.findLast((line) => line.startsWith("CMD ["))?.slice("CMD ".length) ?? "[]";
  return { copies, install: install.trim().split(/\s+/), command: JSON.parse(command), text };
}

/** Make the folder that the image would hold, its packages included. Takes a while. */
export async function makeWorkerFolder(folder: string, { copies, install }: WorkerImage): Promise<void> {
  for (const { sources, target } of copies)
    for (const source of sources)
      for await (const path of glob(source, { cwd: ROOT })) await copy(path, target, folder);
  const [npm, ...options] = install;
  await promisify(execFile)(npm, options, { cwd: folder });
}

/** As Docker does: a folder's content goes into the target, a file into it where that ends with a slash. */
async function copy(path: string, target: string, folder: string): Promise<void> {
  const from = join(ROOT, path);
  const isFolder = (await stat(from)).isDirectory();
  const to = join(folder, isFolder || !target.endsWith("/") ? target : join(target, basename(path)));
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
}

/** Paths in the repository. */
export async function filesCopied({ copies }: WorkerImage): Promise<string[]> {
  const files: string[] = [];
  for (const { sources } of copies)
    for (const source of sources)
      for await (const path of glob([source, `${source}/**/*`], { cwd: ROOT }))
        if ((await stat(join(ROOT, path))).isFile()) files.push(relative("", path));
  return [...new Set(files)].sort();
}
