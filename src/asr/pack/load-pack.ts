import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { PackError } from "../errors.ts";
import { fileDigest } from "../file-digest.ts";
import { openPunctuator, type Punctuator } from "../punctuation/open-punctuator.ts";
import { makeVocabulary, type Vocabulary } from "../words/vocabulary.ts";
import type { WordMargins } from "../words/words.ts";
import { manifestSchema, PACK_FORMAT, type PackManifest, PUNCTUATOR } from "./manifest.ts";
import { parseTokens } from "./tokens.ts";
import { isWenetFolder, readWenetFolder } from "./wenet-folder.ts";

/** A model pack whose files are present and are the ones its manifest names. */
export interface ModelPack {
  folder: string;
  manifest: PackManifest;
  vocabulary: Vocabulary;
  /** Only of a folder of WeNet's own ONNX export: where its frontend is. Its decoder returns no scores and takes no weights. */
  wenet?: { frontend: string };
  /** Puts marks and capitals; absent where the pack brings none. */
  punctuator?: Punctuator;
}

/** A pack whose files have the right sizes, while their sha256 is still being computed. */
export interface OpeningPack {
  pack: ModelPack;
  /** Rejects with PackError pack_file_changed. Must be awaited before anything that the pack says is believed. */
  verified: Promise<void>;
}

/**
 * Read and verify a model pack folder: model.json, tokens.txt and the sha256 of every file. Or a folder of WeNet's own
 * ONNX export (wenet-folder.ts), of which there is less to verify.
 * Throws PackError; its message names the file or field that is wrong.
 */
export async function loadPack(folder: string): Promise<ModelPack> {
  const { pack, verified } = await openPack(folder);
  await verified;
  return pack;
}

/** The same for those who have other work while gigabytes are read: loading the graphs. Throws PackError. */
export async function openPack(folder: string): Promise<OpeningPack> {
  const text = await readManifest(folder);
  if (text === null) {
    const { frontend, ...wenet } = await readWenetFolder(folder);
    const pack = { folder, ...wenet, wenet: { frontend }, ...(await punctuatorBeside(folder)) };
    return { pack, verified: Promise.resolve() };
  }
  const manifest = parseManifest(text, folder);
  const names = Object.keys(manifest.files);
  await Promise.all(names.map((name) => checkSize(folder, name, manifest)));
  const verified = Promise.all(names.map((name) => verifyFile(folder, name, manifest))).then(() => undefined);
  // Met by whoever awaits it; until then a failure must not count as unhandled.
  verified.catch(() => undefined);
  const pieces = parseTokens(await readFile(join(folder, "tokens.txt"), "utf8"), manifest.vocabulary.size);
  const { kind, space, blank_id, unk_id, sos_id, eos_id } = manifest.vocabulary;
  const ids = { kind, space, blankId: blank_id, unkId: unk_id, sosId: sos_id, eosId: eos_id };
  const punctuation = names.includes(PUNCTUATOR) && { punctuator: await openPunctuator(folder) };
  const pack = { folder, manifest, vocabulary: makeVocabulary({ pieces, ...ids }), ...punctuation };
  return { pack, verified };
}

/** Seconds of audio per encoder frame. */
export function encoderFrameSeconds(manifest: PackManifest): number {
  return (manifest.frame_shift_ms * manifest.subsampling) / 1000;
}

/** Undefined where the pack says nothing of them. */
export function wordMargins({ word_times }: PackManifest): WordMargins | undefined {
  return word_times && { lead: word_times.lead_seconds, tail: word_times.tail_seconds };
}

/** Of a WeNet export, which has no list of its files. */
async function punctuatorBeside(folder: string): Promise<Pick<ModelPack, "punctuator">> {
  const there = await stat(join(folder, PUNCTUATOR)).catch(() => null);
  return there ? { punctuator: await openPunctuator(folder) } : {};
}

/** Null where the folder is a WeNet export instead. */
async function readManifest(folder: string): Promise<string | null> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new PackError("pack_not_found", `There is no model pack at ${folder}: the folder does not exist.`);
  }
  return readFile(join(folder, "model.json"), "utf8").catch(async (cause: unknown) => {
    if (await isWenetFolder(folder)) return null;
    const message = `The model pack ${folder} has no model.json, and the train.yaml and units.txt of a WeNet export neither.`;
    throw new PackError("pack_file_missing", message, { cause });
  });
}

function parseManifest(text: string, folder: string): PackManifest {
  const json = parseJson(text, folder);
  // Told apart from other faults first: a newer format may look wrong in any number of fields.
  const format = z.looseObject({ format: z.unknown() }).safeParse(json).data?.format;
  if (format !== PACK_FORMAT) {
    const found = format === undefined ? "no format version" : `format ${JSON.stringify(format)}`;
    const message = `The model pack ${folder} has ${found}; this engine reads format ${PACK_FORMAT}.`;
    throw new PackError("pack_version_unknown", message);
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw new PackError(
      "pack_invalid",
      `model.json of ${folder} is not valid: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}

function parseJson(text: string, folder: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PackError("pack_invalid", `model.json of ${folder} is not JSON.`, { cause });
  }
}

/** Found at once, before gigabytes are read: a missing file and one that was cut short. */
async function checkSize(folder: string, name: string, { files }: PackManifest): Promise<void> {
  const { size } = await stat(join(folder, name)).catch((cause: unknown) => {
    throw new PackError("pack_file_missing", `The model pack ${folder} lacks ${name}.`, { cause });
  });
  if (size !== files[name].bytes) throw changed(folder, name, `${size} bytes, expected ${files[name].bytes}`);
}

async function verifyFile(folder: string, name: string, { files }: PackManifest): Promise<void> {
  const found = await fileDigest(join(folder, name)).catch((cause: unknown) => {
    throw new PackError("pack_file_missing", `${name} of the model pack ${folder} cannot be read.`, {
      cause,
    });
  });
  const { sha256 } = files[name];
  if (found !== sha256) throw changed(folder, name, `sha256 ${found}, expected ${sha256}`);
}

function changed(folder: string, name: string, how: string): PackError {
  const message = `${name} of the model pack ${folder} is not the file its model.json describes: ${how}.`;
  return new PackError("pack_file_changed", message);
}
