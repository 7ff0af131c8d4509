/**
 * `node containers/worker/cuda-sizes.ts`: the bytes of every library in cuda-libraries.txt, out of the directories at the
 * ends of NVIDIA's wheels, without fetching the gigabyte that they are. Says which are missing; then it ends with 1.
 */
import { readFile } from "node:fs/promises";

const LIST = new URL("cuda-libraries.txt", import.meta.url);
const INDEX = "https://pypi.org";
const SIGNATURE = 0x02014b50; // of an entry in a ZIP file's directory
const TAIL_BYTES = 256 * 1024;

interface Release {
  url: string;
  filename: string;
}

interface Library {
  name: string;
  bytes: number | undefined;
}

/** `NAME==VERSION LIBRARY…`, a line each. */
export function parseList(text: string): { wheel: string; version: string; names: string[] }[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [pinned, ...names] = line.trim().split(/\s+/);
      const [wheel, version] = pinned.split("==");
      return { wheel, version, names };
    });
}

/** Sizes, unpacked, by the last part of the path; of the entries that lie in this end of the file. */
export function sizesIn(tail: Buffer): Map<string, number> {
  const sizes = new Map<string, number>();
  for (let at = 0; at + 46 <= tail.length; at++) {
    if (tail.readUInt32LE(at) !== SIGNATURE) continue;
    const name = tail.toString("utf8", at + 46, at + 46 + tail.readUInt16LE(at + 28));
    sizes.set(name.slice(name.lastIndexOf("/") + 1), tail.readUInt32LE(at + 24));
  }
  return sizes;
}

async function measure(wheel: string, version: string, names: readonly string[]): Promise<Library[]> {
  const facts = `${INDEX}/pypi/${wheel}/json`;
  const { releases } = (await (await fetch(facts)).json()) as { releases: Record<string, Release[]> };
  const file = (releases[version] ?? []).find(
    ({ filename }) => filename.includes("x86_64") && filename.includes("linux"),
  );
  if (!file) throw new Error(`${wheel} ${version} has no wheel for Linux on x86-64`);
  const response = await fetch(new URL(file.url, facts), { headers: { range: `bytes=-${TAIL_BYTES}` } });
  if (response.status !== 206) throw new Error(`${wheel}: ${response.status} instead of the file's end`);
  const sizes = sizesIn(Buffer.from(await response.arrayBuffer()));
  return names.map((name) => ({ name, bytes: sizes.get(name) }));
}

if (import.meta.main) {
  const wheels = parseList(await readFile(LIST, "utf8"));
  const libraries: Library[] = [];
  for (const { wheel, version, names } of wheels) libraries.push(...(await measure(wheel, version, names)));
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  for (const { name, bytes } of libraries)
    process.stdout.write(`${name}  ${bytes === undefined ? "MISSING" : megabytes(bytes)}\n`);
  process.stdout.write(`together  ${megabytes(libraries.reduce((sum, { bytes = 0 }) => sum + bytes, 0))}\n`);
  if (libraries.some(({ bytes }) => bytes === undefined)) process.exitCode = 1;
}
