import { appendFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Transcriber } from "../../../../src/asr/index.ts";
import { loadPack } from "../../../../src/asr/pack/load-pack.ts";
import { bytesOf, PLAIN_GRAPHS } from "../../../../src/asr/pack/manifest.ts";
import { copyExport, EXPORT, editYaml, replaceGraph } from "../wenet.ts";

let folder: string;
beforeEach(async () => {
  folder = await copyExport();
});
afterEach(() => rm(folder, { recursive: true }));

const versionOf = async () => (await loadPack(folder)).manifest.version;

describe("a folder of WeNet's own ONNX export", () => {
  it("loads as it is", async () => {
    const { manifest, vocabulary, wenet } = await loadPack(EXPORT);
    expect(manifest).toMatchObject({
      name: "export",
      version: expect.stringMatching(/^wenet-[0-9a-f]{12}$/),
      languages: ["und"],
      subsampling: 4,
      min_samples: 1360,
      // The export's own config.yaml wins over train.yaml, which says 0.3.
      defaults: { ctc_weight: 3, reverse_weight: 0.5, beam: 4 },
    });
    expect(vocabulary).toMatchObject({ size: 20, kind: "char", space: "▁", blankId: 0, unkId: 1 });
    expect([vocabulary.sosId, vocabulary.eosId]).toEqual([19, 19]);
    expect(basename(wenet?.frontend ?? "")).toBe("fbank80.onnx");
  });

  it("may call its units words.txt, and do without config.yaml", async () => {
    await rename(join(folder, "units.txt"), join(folder, "words.txt"));
    await rm(join(folder, "config.yaml"));
    const { manifest } = await loadPack(folder);
    expect(manifest.defaults).toEqual({ ctc_weight: 0.3, reverse_weight: 0.5, beam: 10 });
  });

  it.each([
    ["▁A", { kind: "bpe", space: "▁" }],
    ["<space>", { kind: "char", space: "<space>" }],
  ])("with %s among its units is told apart", async (piece, expected) => {
    await editYaml(folder, (units) => units.replace("▁", piece), "units.txt");
    expect((await loadPack(folder)).vocabulary).toMatchObject(expected);
  });

  it("has its content for a version", async () => {
    const before = await versionOf();
    expect(await versionOf()).toBe(before);
    await replaceGraph(folder, "decoder.onnx", "decoder-left.onnx");
    expect(await versionOf()).not.toBe(before);
  });

  it("counts the files that a graph keeps its weights in, and no others", async () => {
    const facts = async () => (await loadPack(folder)).manifest;
    const before = bytesOf(await facts(), PLAIN_GRAPHS);
    await writeFile(join(folder, "encoder.embed.weight"), Buffer.alloc(1000));
    await writeFile(join(folder, "final.pt"), Buffer.alloc(1000));
    await appendFile(join(folder, "encoder.onnx"), "encoder.embed.weight");
    expect(bytesOf(await facts(), PLAIN_GRAPHS)).toBe(before + 1000 + "encoder.embed.weight".length);
  });
});

describe("what does not load", () => {
  const refusal = () =>
    Transcriber.load(folder, { device: "cpu", sessions: 1 }).then(
      async (transcriber) => {
        await transcriber.close();
        throw new Error("it was loaded");
      },
      (error: unknown) => error,
    );
  const refused = async (code: string, ...parts: string[]) => {
    const error = await refusal();
    expect(error).toMatchObject({ name: "PackError", code });
    for (const part of parts) expect((error as Error).message).toContain(part);
  };

  it("names every file that is missing", async () => {
    for (const name of ["units.txt", "decoder.onnx"]) await rm(join(folder, name));
    await refused("pack_file_missing", "decoder.onnx, units.txt or words.txt");
  });

  it("lists every option of train.yaml that is not supported", async () => {
    await editYaml(folder, (yaml) =>
      yaml
        .replace("input_layer: conv2d", "input_layer: dwconv2d4")
        .replace("num_mel_bins: 80", "num_mel_bins: 40")
        .replace("output_dim: 20", "output_dim: 21"),
    );
    const parts = ['"dwconv2d4"', "num_mel_bins: 40", "output_dim: 21, but units.txt has 20 units"];
    await refused("pack_unsupported", ...parts);
  });

  it.each([
    ["encoder-streaming.onnx", "streaming encoder (its input is chunk_xs)", "without --streaming"],
    ["encoder-cpu.onnx", "export_onnx_cpu.py", "export_onnx_gpu.py"],
    ["encoder-half.onnx", "16-bit floats", "without fp16 in its name"],
  ])("says what %s is, and what to do", async (other, what, remedy) => {
    await replaceGraph(folder, "encoder.onnx", other);
    await refused("pack_unsupported", `encoder.onnx`, what, remedy, "training.importing.wenet");
  });

  it("knows a folder by export_onnx_cpu.py before it reads any graph", async () => {
    await writeFile(join(folder, "ctc.onnx"), "");
    await refused("pack_unsupported", "export_onnx_cpu.py", "training.importing.wenet");
  });

  it("knows a folder with graphs in 16-bit floats only", async () => {
    for (const name of ["encoder", "decoder"])
      await rename(join(folder, `${name}.onnx`), join(folder, `${name}_fp16.onnx`));
    await refused("pack_unsupported", "16-bit floats only");
  });

  it("names the units' line that is wrong", async () => {
    await editYaml(folder, (units) => units.replace("A 2", "A two"), "units.txt");
    await refused("pack_invalid", 'units.txt: line 3 is not "piece id"');
  });

  it("does not take another model's units", async () => {
    await appendFile(join(folder, "units.txt"), "Z 20\n");
    await editYaml(folder, (yaml) => yaml.replace("output_dim: 20", "output_dim: 21"));
    await refused("pack_invalid", "encoder.onnx has 20 outputs, but the units are 21");
  });

  it("names tensors that no export of WeNet has", async () => {
    await rename(join(folder, "encoder.onnx"), join(folder, "decoder.onnx"));
    await replaceGraph(folder, "encoder.onnx", "decoder-left.onnx");
    await refused("pack_tensors_mismatch", "encoder.onnx lacks input speech", "unknown input encoder_out");
  });

  it("is a folder with nothing of either kind", async () => {
    for (const name of ["units.txt", "train.yaml"]) await rm(join(folder, name));
    await refused("pack_file_missing", "model.json", "WeNet export");
  });
});
