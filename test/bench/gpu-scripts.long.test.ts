import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { PYTHON } from "../../bench/python.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MINUTES = 60_000;

function canMakePacks(): boolean {
  return spawnSync(PYTHON, ["-c", "import torch, onnx, onnxruntime"]).status === 0;
}

describe("the scripts for a GPU machine", () => {
  it.skipIf(!canMakePacks())(
    "measure everything on a CPU, in small, and go on where they were interrupted",
    { timeout: 60 * MINUTES },
    async () => {
      const folder = await temporaryFolder();
      const [out, work] = [join(folder, "out"), join(folder, "work")];
      await mkdir(out);
      const env = { ...process.env, SMALL: "1", MODELS: "moe-1b", PYTHON, OUT: out, WORK: work };
      // As if a first call had come so far.
      await writeFile(join(out, "card.txt"), "a card");
      const { stdout } = await run(join(ROOT, "bench/gpu/run.sh"), [], { env, maxBuffer: 1e8 });
      expect(stdout).toContain("card.txt: there already");
      expect((await readdir(out)).sort(), stdout).toEqual([
        "bundled-fixed.json",
        "bundled.json",
        "card.txt",
        "moe-1b-fixed-many.json",
        "moe-1b-fixed.json",
        "moe-1b-operators.json",
        "moe-1b-two-sessions.json",
        "moe-1b.json",
        "pytorch-compiled.json",
        "pytorch.json",
      ]);
      const read = async (name: string) => JSON.parse(await readFile(join(out, name), "utf8"));
      const { devices } = await read("moe-1b.json");
      expect(devices[0].packs[0]).toMatchObject({ pack: "moe-1b", failed: [] });
      expect((await read("moe-1b-fixed.json")).figures).toHaveLength(2);
      const { runs, operators } = await read("moe-1b-operators.json");
      expect(runs).toBe(1);
      expect(operators.map(({ operator }: { operator: string }) => operator)).toContain("Conv");
      expect((await read("bundled.json")).devices[0].texts.different).toEqual([]);
      const { rows } = await read("pytorch.json");
      expect(rows).toHaveLength(8);
      for (const row of rows) expect(row.rtfx).toBeGreaterThan(0);
    },
  );

  it("leave a library the kernels of one architecture, and every byte in its place", async () => {
    const folder = await temporaryFolder();
    const library = join(folder, "library.so");
    // The second container has none of that architecture, and keeps what it has.
    const containers = [container([75, 90, 120]), container([75, 89])];
    await writeFile(library, elf(Buffer.concat([Buffer.alloc(8), ...containers, Buffer.alloc(16)])));
    const before = await readFile(library);
    const { stdout } = await run("python3", [join(ROOT, "bench/gpu/slim.py"), library, "90"]);
    expect(stdout.trim()).toBe(String(75 + 120));
    const kept = [container([75, 90, 120], [90]), container([75, 89])];
    const after = elf(Buffer.concat([Buffer.alloc(8), ...kept, Buffer.alloc(16)]));
    expect(before.equals(after)).toBe(false);
    expect((await readFile(library)).equals(after)).toBe(true);
  });

  it("split what has to be carried, so that it comes together again", { timeout: 10 * MINUTES }, async () => {
    const folder = await temporaryFolder();
    const wheel = join(folder, "onnxruntime.whl");
    await mkdir(join(folder, "onnxruntime/capi"), { recursive: true });
    for (const name of ["cuda", "shared"])
      await writeFile(join(folder, `onnxruntime/capi/libonnxruntime_providers_${name}.so`), `of ${name}`);
    await run("python3", ["-m", "zipfile", "-c", wheel, "onnxruntime"], { cwd: folder });
    const parts = join(folder, "parts");
    const env = { ...process.env, PART_BYTES: "16000000", GZIP_LEVEL: "1" };
    await run(join(ROOT, "bench/gpu/prepare.sh"), [wheel, parts], { env });
    const names = (await readdir(parts)).filter((name) => name.startsWith("part-"));
    expect(names.length).toBeGreaterThan(2);
    const there = join(folder, "there");
    await mkdir(there);
    await run("sh", ["-c", `cat ${parts}/part-* | tar xz -C ${there}`]);
    const libraries = join(there, "node_modules/onnxruntime-node/bin/napi-v6/linux/x64");
    expect(await readFile(join(libraries, "libonnxruntime_providers_cuda.so"), "utf8")).toBe("of cuda");
    expect(existsSync(join(libraries, "libonnxruntime.so.1"))).toBe(true);
    const { stdout } = await run(join(there, "node_modules/node/bin/node"), ["-p", "process.version"]);
    expect(stdout.trim()).toBe(process.version);
  });
});

/** Kernels as long as their architecture's number, filled with it, or with zeros where it is not among `kept`. */
function container(architectures: number[], kept = architectures): Buffer {
  const kernels = architectures.map((architecture) => {
    const header = Buffer.alloc(64);
    header.writeUInt16LE(2);
    header.writeUInt32LE(64, 4);
    header.writeBigUInt64LE(BigInt(architecture), 8);
    header.writeUInt32LE(architecture, 28);
    return Buffer.concat([
      header,
      Buffer.alloc(architecture, kept.includes(architecture) ? architecture : 0),
    ]);
  });
  const body = Buffer.concat(kernels);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0xba55ed50);
  header.writeUInt16LE(1, 4);
  header.writeUInt16LE(16, 6);
  const padded = Buffer.alloc(Math.ceil(body.length / 8) * 8);
  body.copy(padded);
  header.writeBigUInt64LE(BigInt(body.length), 8);
  return Buffer.concat([header, padded]);
}

/** A library with one section, of containers, and one of names. */
function elf(containers: Buffer): Buffer {
  const names = Buffer.from("\0.nv_fatbin\0.shstrtab\0");
  const header = Buffer.alloc(64);
  const sections = 64 + containers.length + names.length;
  header.writeBigUInt64LE(BigInt(sections), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(2, 60);
  header.writeUInt16LE(1, 62);
  const section = (name: number, offset: number, size: number) => {
    const entry = Buffer.alloc(64);
    entry.writeUInt32LE(name);
    entry.writeBigUInt64LE(BigInt(offset), 24);
    entry.writeBigUInt64LE(BigInt(size), 32);
    return entry;
  };
  return Buffer.concat([
    header,
    containers,
    names,
    section(1, 64, containers.length),
    section(12, 64 + containers.length, names.length),
  ]);
}
