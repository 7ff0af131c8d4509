import { createHash } from "node:crypto";
import { copyFile, cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPack } from "../../../src/asr/pack/load-pack.ts";

const FIXTURE = fileURLToPath(new URL("../../fixtures/wenet-folder", import.meta.url));
/** A WeNet export with a random model in it. Its maker: training/tests/wenet_folder.py. */
export const EXPORT = join(FIXTURE, "export");
/** Features as Kaldi has them, which WeNet's models are trained on. */
const FRONTEND = fileURLToPath(new URL("../../../src/asr/pack/fbank80.onnx", import.meta.url));
/** Hypotheses that its decoder takes. */
export const PLACES = 4;

/** A copy to spoil. */
export async function copyExport(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-wenet-"));
  await cp(EXPORT, folder, { recursive: true });
  return folder;
}

/** Put one of the fixture's other graphs in place of the folder's. */
export function replaceGraph(folder: string, graph: "encoder.onnx" | "decoder.onnx", other: string) {
  return copyFile(join(FIXTURE, "other", other), join(folder, graph));
}

export async function editYaml(folder: string, edit: (yaml: string) => string, file = "train.yaml") {
  const path = join(folder, file);
  const before = await readFile(path, "utf8");
  const after = edit(before);
  if (after === before) throw new Error(`nothing to edit in ${file}`);
  await writeFile(path, after);
}

/** The same weights as a pack of our own. */
export async function makePack(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-wenet-"));
  await cp(join(FIXTURE, "pack"), folder, { recursive: true });
  await copyFile(FRONTEND, join(folder, "frontend.onnx"));
  await copyFile(join(EXPORT, "units.txt"), join(folder, "tokens.txt"));
  const names = ["frontend.onnx", "encoder.onnx", "decoder.onnx", "weights.bin", "tokens.txt"];
  const facts = names.map(async (name) => {
    const bytes = await readFile(join(folder, name));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return [name, { bytes: bytes.length, sha256 }] as const;
  });
  const { manifest } = await loadPack(EXPORT);
  const files = Object.fromEntries(await Promise.all(facts));
  await writeFile(join(folder, "model.json"), JSON.stringify({ ...manifest, files }));
  return folder;
}
