import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { PackError } from "../errors.ts";
import { makeVocabulary, type Vocabulary } from "../words/vocabulary.ts";
import { manifestSchema, PACK_FORMAT, type PackFile, type PackManifest } from "./manifest.ts";
import { parseTokens } from "./tokens.ts";

/** A model pack whose files are present and are the ones its manifest names. */
export interface ModelPack {
  folder: string;
  manifest: PackManifest;
  vocabulary: Vocabulary;
}

/**
 * Read and verify a model pack folder: model.json, tokens.txt and the sha256 of every file.
 * Throws PackError; its message names the file or field that is wrong.
 */
export async function loadPack(folder: string): Promise<ModelPack> {
  const manifest = parseManifest(await readManifest(folder), folder);
  await Promise.all(packFiles(manifest).map((name) => verifyFile(folder, name, manifest)));
  const pieces = parseTokens(await readFile(join(folder, "tokens.txt"), "utf8"), manifest.vocabulary.size);
  const { kind, space, blank_id, unk_id, sos_id, eos_id } = manifest.vocabulary;
  const ids = { kind, space, blankId: blank_id, unkId: unk_id, sosId: sos_id, eosId: eos_id };
  return { folder, manifest, vocabulary: makeVocabulary({ pieces, ...ids }) };
}

/** Seconds of audio per encoder frame. */
export function encoderFrameSeconds(manifest: PackManifest): number {
  return (manifest.frame_shift_ms * manifest.subsampling) / 1000;
}

function packFiles(manifest: PackManifest): PackFile[] {
  return Object.keys(manifest.files) as PackFile[];
}

async function readManifest(folder: string): Promise<string> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new PackError("pack_not_found", `There is no model pack at ${folder}: the folder does not exist.`);
  }
  return readFile(join(folder, "model.json"), "utf8").catch((cause: unknown) => {
    throw new PackError("pack_file_missing", `The model pack ${folder} has no model.json.`, { cause });
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

async function verifyFile(folder: string, name: PackFile, manifest: PackManifest): Promise<void> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(join(folder, name)), hash).catch((cause: unknown) => {
    throw new PackError("pack_file_missing", `The model pack ${folder} lacks ${name}.`, { cause });
  });
  const found = hash.digest("hex");
  const expected = manifest.files[name].sha256;
  if (found !== expected) {
    const message = `${name} of the model pack ${folder} is not the file its model.json describes: sha256 ${found}, expected ${expected}.`;
    throw new PackError("pack_file_changed", message);
  }
}
