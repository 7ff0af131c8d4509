import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineError, PackError } from "../../../../src/asr/errors.ts";
import { Transcriber } from "../../../../src/asr/index.ts";
import { loadPack, openPack } from "../../../../src/asr/pack/load-pack.ts";
import { bytesOf, graphsFor, type PackManifest } from "../../../../src/asr/pack/manifest.ts";
import { parseTokens } from "../../../../src/asr/pack/tokens.ts";
import { punctuatedPack } from "../../../support/punctuated-pack.ts";
import { PACK } from "../golden.ts";

const PUNCTUATOR = fileURLToPath(new URL("../../../fixtures/punctuator/by-hand", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scriptorium-pack-"));
  await cp(PACK, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const manifestPath = () => join(folder, "model.json");

async function editManifest(edit: (manifest: PackManifest) => void): Promise<void> {
  const manifest = JSON.parse(await readFile(manifestPath(), "utf8")) as PackManifest;
  edit(manifest);
  await writeFile(manifestPath(), JSON.stringify(manifest));
}

/** Put other bytes in place of a file and vouch for them in the manifest. */
async function replaceFile(name: string, bytes: Buffer): Promise<void> {
  await writeFile(join(folder, name), bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await editManifest((manifest) => {
    manifest.files[name] = { bytes: bytes.length, sha256 };
  });
}

async function failure(work: Promise<unknown>): Promise<PackError | EngineError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof PackError || error instanceof EngineError) return error;
  throw new Error(`expected a typed error, got ${error}`);
}

describe("loading a model pack", () => {
  it("reads the bundled pack", async () => {
    const { manifest, vocabulary } = await loadPack(PACK);
    expect(manifest.name).toBe("u2pp-moe-en-41m");
    expect(vocabulary.pieces).toHaveLength(manifest.vocabulary.size);
    expect(vocabulary.tokenOf("▁ENTER")).toBeGreaterThan(0);
  });

  it("says that a folder does not exist", async () => {
    expect(await failure(loadPack(join(folder, "nowhere")))).toMatchObject({ code: "pack_not_found" });
  });

  it.each(["model.json", "tokens.txt", "encoder.onnx"])("names the missing file %s", async (name) => {
    await rm(join(folder, name));
    const error = await failure(loadPack(folder));
    expect(error.code).toBe("pack_file_missing");
    expect(error.message).toContain(name);
  });

  it("names the file whose bytes are not the ones described", async () => {
    const bytes = await readFile(join(folder, "decoder.onnx"));
    bytes[1000] ^= 1;
    await writeFile(join(folder, "decoder.onnx"), bytes);
    const error = await failure(loadPack(folder));
    expect(error.code).toBe("pack_file_changed");
    expect(error.message).toContain("decoder.onnx");
  });

  it("names the file that was cut short or grew, before it reads any", async () => {
    await writeFile(join(folder, "encoder.onnx"), "short");
    const error = await failure(openPack(folder));
    expect(error.code).toBe("pack_file_changed");
    expect(error.message).toContain("encoder.onnx");
    expect(error.message).toContain("5 bytes");
  });

  it("says that a file is not the right one rather than what its graph fails with", async () => {
    const { length } = await readFile(join(folder, "decoder.onnx"));
    await writeFile(join(folder, "decoder.onnx"), Buffer.alloc(length));
    const error = await failure(Transcriber.load(folder, { device: "cpu", sessions: 1 }));
    expect(error).toMatchObject({ code: "pack_file_changed" });
  });

  it("does not believe a pack whose graphs load but are not the ones described", async () => {
    const tokens = await readFile(join(folder, "tokens.txt"), "utf8");
    await writeFile(join(folder, "tokens.txt"), tokens.replace("A ", "~ "));
    expect(await failure(Transcriber.load(folder, { device: "cpu", sessions: 1 }))).toMatchObject({
      code: "pack_file_changed",
    });
  });

  it.each([
    [2, "format 2"],
    ["1", 'format "1"'],
    [undefined, "no format version"],
  ])("refuses a pack of format %s", async (format, expected) => {
    await editManifest((manifest) => Object.assign(manifest, { format }));
    const error = await failure(loadPack(folder));
    expect(error.code).toBe("pack_version_unknown");
    expect(error.message).toContain(expected);
  });

  it("names the field of model.json that is wrong", async () => {
    await editManifest((manifest) => Object.assign(manifest.defaults, { beam: "ten" }));
    const error = await failure(loadPack(folder));
    expect(error.code).toBe("pack_invalid");
    expect(error.message).toContain("defaults.beam");
  });

  it("refuses a model.json that is not JSON", async () => {
    await writeFile(manifestPath(), "{");
    expect(await failure(loadPack(folder))).toMatchObject({ code: "pack_invalid" });
  });

  it("verifies a punctuator's files with the others, and wants all of them", async () => {
    const punctuated = await punctuatedPack(PACK, PUNCTUATOR);
    try {
      const { punctuator } = await loadPack(punctuated);
      expect(punctuator?.forms.get("mcdonald")).toBe("McDonald");
      const path = join(punctuated, "model.json");
      const manifest = JSON.parse(await readFile(path, "utf8")) as PackManifest;
      delete manifest.files["punctuator.words.txt"];
      await writeFile(path, JSON.stringify(manifest));
      const error = await failure(loadPack(punctuated));
      expect(error.code).toBe("pack_invalid");
      expect(error.message).toContain("punctuator.json needs it");
    } finally {
      await rm(punctuated, { recursive: true });
    }
  });

  it("names the tensors that a graph lacks and those nobody would feed", async () => {
    await replaceFile("frontend.onnx", await readFile(join(folder, "encoder.onnx")));
    const error = await failure(Transcriber.load(folder, { device: "cpu", sessions: 1 }));
    expect(error.code).toBe("pack_tensors_mismatch");
    expect(error.message).toContain("frontend.onnx lacks input waveform");
    expect(error.message).toContain("unknown input speech");
  });

  it("says which graph cannot be read", async () => {
    await editManifest((manifest) => Object.assign(manifest, { variants: {} }));
    await replaceFile("decoder.onnx", Buffer.from("not a graph"));
    const error = await failure(Transcriber.load(folder, { device: "cpu", sessions: 1 }));
    expect(error.code).toBe("pack_invalid");
    expect(error.message).toContain("decoder.onnx");
  });

  it("says that a device is not there, and what to do", async () => {
    const error = await failure(Transcriber.load(folder, { device: "cuda" }));
    expect(error.code).toBe("device_unavailable");
    expect(error.message).toContain("cpu always works");
  });
});

describe("variants of a pack's graphs", () => {
  it("are those of the device, and the plain graphs on every other", async () => {
    await editManifest((manifest) =>
      Object.assign(manifest, {
        variants: { cpu: { encoder: "encoder.half.onnx" }, tpu: {}, npu: { frontend: "encoder.half.onnx" } },
      }),
    );
    const { manifest } = await loadPack(folder);
    const plain = { frontend: "frontend.onnx", encoder: "encoder.onnx", decoder: "decoder.onnx" };
    expect(graphsFor(manifest, "cpu")).toEqual({ ...plain, encoder: "encoder.half.onnx" });
    expect(graphsFor(manifest, "tpu")).toEqual(plain);
    expect(graphsFor(manifest, "npu")).toEqual({ ...plain, frontend: "encoder.half.onnx" });
    expect(graphsFor(manifest, "cuda")).toEqual(plain);
    expect(graphsFor((await loadPack(PACK)).manifest, "cpu")).toEqual({
      ...plain,
      decoder: "decoder.cpu.onnx",
    });
  });

  it("are what is loaded", async () => {
    await replaceFile("decoder.cpu.onnx", Buffer.from("not a graph"));
    const error = await failure(Transcriber.load(folder, { device: "cpu", sessions: 1 }));
    expect(error).toMatchObject({ code: "pack_invalid" });
    expect(error.message).toContain("decoder.cpu.onnx");
  });

  it("count by the bytes that are loaded: the graphs in use and the weights beside them", async () => {
    const { manifest } = await loadPack(folder);
    const used = ["frontend.onnx", "encoder.onnx", "decoder.cpu.onnx", "weights.bin", "tokens.txt"];
    const sum = used.reduce((total, name) => total + (manifest.files[name]?.bytes ?? Number.NaN), 0);
    expect(bytesOf(manifest, graphsFor(manifest, "cpu"))).toBe(sum);
  });

  it("must be listed with their sha256, as everything they need", async () => {
    await editManifest((manifest) =>
      Object.assign(manifest, { variants: { cpu: { decoder: "decoder.fast.onnx" } } }),
    );
    const error = await failure(loadPack(folder));
    expect(error.code).toBe("pack_invalid");
    expect(error.message).toContain("decoder.fast.onnx is not listed");
    expect(error.message).toContain("variants.cpu.decoder");
  });

  it.each(["../encoder.onnx", "/etc/passwd.onnx", "sub/encoder.onnx", ".onnx", "encoder.bin"])(
    "cannot be %j",
    async (name) => {
      const facts = { bytes: 1, sha256: "0".repeat(64) };
      await editManifest((manifest) => {
        Object.assign(manifest, { variants: { cpu: { encoder: name } } });
        manifest.files[name] = facts;
      });
      expect(await failure(loadPack(folder))).toMatchObject({ code: "pack_invalid" });
    },
  );

  it("verifies files that only a graph knows of", async () => {
    await replaceFile("weights.bin", Buffer.alloc(1000));
    await writeFile(join(folder, "weights.bin"), Buffer.alloc(1000, 1));
    const error = await failure(loadPack(folder));
    expect(error.message).toContain("weights.bin");
    expect(error.code).toBe("pack_file_changed");
  });

  it("refuses to look at files outside the folder", async () => {
    await editManifest((manifest) => {
      manifest.files["../secret"] = { bytes: 1, sha256: "0".repeat(64) };
    });
    expect(await failure(loadPack(folder))).toMatchObject({ code: "pack_invalid" });
  });
});

describe("tokens.txt", () => {
  it("gives the pieces in the order of their ids", () => {
    expect(parseTokens("b 1\na 0\n\n", 2)).toEqual(["a", "b"]);
  });
  it.each([
    ["a 0\nb", "line 2"],
    ["a 0\nb 0", "line 2 repeats id 0"],
    ["a 0\nb 7", "line 2 has id 7"],
    ["a 0\n", "id 1 has no piece"],
  ])("refuses %j", (text, expected) => {
    expect(() => parseTokens(text, 2)).toThrow(expected);
  });
});
