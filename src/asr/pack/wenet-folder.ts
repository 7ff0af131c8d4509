/**
 * A folder as WeNet's export_onnx_gpu.py leaves it, without --streaming: encoder.onnx, decoder.onnx and config.yaml, with the
 * train.yaml and the units.txt of the training beside them. What such a folder lacks of a model pack is made up here.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PackError } from "../errors.ts";
import { fileDigest } from "../file-digest.ts";
import { makeVocabulary, type Vocabulary } from "../words/vocabulary.ts";
import { type FileFacts, PACK_FORMAT, type PackManifest } from "./manifest.ts";
import { IMPORT_INSTEAD } from "./remedy.ts";
import { parseTokens } from "./tokens.ts";
import { readExportOptions, readWenetOptions, type WenetOptions } from "./wenet-options.ts";

/** The frontend of every pack with 80 mel bins: features have no weights, and the export has none of its own. */
const FRONTEND = fileURLToPath(new URL("./fbank80.onnx", import.meta.url));
const GRAPHS = ["encoder.onnx", "decoder.onnx"];
const UNITS = ["units.txt", "words.txt"];

const DEFAULT_BEAM = 10;
/** Cautious: recipes train on utterances of at most 20 to 30 seconds. */
const MAX_SECONDS = 20;
const FRAME_SAMPLES = 400;
const SHIFT_SAMPLES = 160;
/** A graph that keeps its weights in other files is far smaller than this. */
const SMALL_GRAPH_BYTES = 64 * 1024 * 1024;

/** What `openPack` needs of such a folder. */
export interface WenetFolder {
  manifest: PackManifest;
  vocabulary: Vocabulary;
  /** Path of the frontend's graph. */
  frontend: string;
}

/** Whether a folder without model.json is meant to be one: it has what only WeNet writes. */
export async function isWenetFolder(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  return ["train.yaml", ...UNITS].some((name) => names.includes(name));
}

/**
 * Read the folder and every byte of its graphs: their digest is the version, so that a transcript names the very model.
 * Throws PackError pack_file_missing or pack_unsupported, each naming everything that stands in the way, or pack_invalid.
 */
export async function readWenetFolder(folder: string): Promise<WenetFolder> {
  const names = await readdir(folder);
  const units = checkNames(folder, names);
  const read = (name: string) => readFile(join(folder, name), "utf8");
  const problems: string[] = [];
  const options = readWenetOptions(await read("train.yaml"), problems);
  const exported = names.includes("config.yaml") ? readExportOptions(await read("config.yaml")) : null;
  const text = await read(units);
  const size = text.split("\n").filter((line) => line.trim() !== "").length;
  if ((options.vocabularySize ?? size) !== size)
    problems.push(`output_dim: ${options.vocabularySize}, but ${units} has ${size} units`);
  if (problems.length > 0) {
    const message = `train.yaml of ${folder} describes what this engine does not run: ${problems.join("; ")}.`;
    throw new PackError("pack_unsupported", message);
  }
  const vocabulary = makeWenetVocabulary(parseTokens(text, size, units), options);
  const files = await fileFacts(folder, names, [units, "train.yaml"]);
  const { kind, space, blankId, unkId, sosId, eosId } = vocabulary;
  const beam = exported?.beam ?? DEFAULT_BEAM;
  const manifest: PackManifest = {
    format: PACK_FORMAT,
    name: basename(resolve(folder)),
    version: `wenet-${digest(files)}`,
    languages: ["und"],
    sample_rate: 16_000,
    feature_dim: 80,
    frame_shift_ms: 10,
    subsampling: options.subsampling,
    min_samples: FRAME_SAMPLES + (options.minFrames - 1) * SHIFT_SAMPLES,
    vocabulary: { size, kind, space, blank_id: blankId, unk_id: unkId, sos_id: sosId, eos_id: eosId },
    beam_candidates: beam,
    defaults: {
      ctc_weight: exported?.ctcWeight ?? options.ctcWeight,
      reverse_weight: exported?.reverseWeight ?? options.reverseWeight,
      beam,
    },
    segmentation: { max_seconds: MAX_SECONDS },
    files,
  };
  return { manifest, vocabulary, frontend: FRONTEND };
}

/**
 * The name of the units' file. Throws PackError pack_file_missing, or pack_unsupported for WeNet's other exports where
 * their files give them away.
 */
function checkNames(folder: string, names: string[]): string {
  const refuse = (what: string, remedy: string) => {
    throw new PackError("pack_unsupported", `${folder} has ${what}. ${remedy}`);
  };
  if (names.includes("ctc.onnx")) {
    const what = "an export by export_onnx_cpu.py (ctc.onnx), which decodes one utterance at a time";
    refuse(what, `Export it with export_onnx_gpu.py. ${IMPORT_INSTEAD}`);
  }
  const missing = [...GRAPHS, "train.yaml"].filter((name) => !names.includes(name));
  if (missing.includes("encoder.onnx") && names.includes("encoder_fp16.onnx")) {
    const what = "an export in 16-bit floats only, which this engine does not run";
    refuse(what, "Use the encoder.onnx and decoder.onnx that were made along with it.");
  }
  const units = UNITS.find((name) => names.includes(name));
  if (units !== undefined && missing.length === 0) return units;
  if (units === undefined) missing.push(UNITS.join(" or "));
  throw new PackError("pack_file_missing", `The WeNet export ${folder} lacks ${missing.join(", ")}.`);
}

/** WeNet's own conventions: sos and eos are the last unit unless train.yaml says otherwise. */
function makeWenetVocabulary(pieces: string[], { blankId, sosId, eosId }: WenetOptions): Vocabulary {
  const last = pieces.length - 1;
  const unk = pieces.indexOf("<unk>");
  return makeVocabulary({
    pieces,
    // Word pieces carry the space at their start; characters have it as a unit of its own, or not at all.
    kind: pieces.some((piece) => piece.length > 1 && piece.startsWith("▁")) ? "bpe" : "char",
    space: pieces.includes("<space>") ? "<space>" : "▁",
    blankId,
    unkId: unk >= 0 ? unk : blankId,
    sosId: sosId ?? last,
    eosId: eosId ?? last,
  });
}

async function fileFacts(
  folder: string,
  names: string[],
  texts: string[],
): Promise<Record<string, FileFacts>> {
  const weights = await weightFiles(folder, names);
  const facts = [...texts, ...GRAPHS, ...weights].map(async (name) => {
    const path = join(folder, name);
    const sha256 = await fileDigest(path);
    return [name, { bytes: (await stat(path)).size, sha256 }] as const;
  });
  return Object.fromEntries(await Promise.all(facts));
}

/** Files beside the graphs that these keep weights in, which PyTorch does above 2 GB: the graph then names them. */
async function weightFiles(folder: string, names: string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const graph of GRAPHS) {
    if ((await stat(join(folder, graph))).size > SMALL_GRAPH_BYTES) continue;
    const bytes = await readFile(join(folder, graph));
    for (const name of names) if (!GRAPHS.includes(name) && bytes.includes(name)) found.add(name);
  }
  return [...found].sort();
}

function digest(files: Record<string, FileFacts>): string {
  const hash = createHash("sha256");
  for (const [name, { sha256 }] of Object.entries(files)) hash.update(`${name} ${sha256}\n`);
  return hash.digest("hex").slice(0, 12);
}
