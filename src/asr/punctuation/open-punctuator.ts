import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { PackError } from "../errors.ts";
import { fileDigest } from "../file-digest.ts";
import { parseTokens } from "../pack/tokens.ts";
import { Speller } from "./speller.ts";
import type { WindowShape } from "./windows.ts";

const DESCRIPTION = "punctuator.json";
const GRAPH = "punctuator.onnx";
const TOKENS = "punctuator.tokens.txt";
const FORMS = "punctuator.words.txt";
const FORMAT = 1;

const fileFacts = z.object({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** `punctuator.json` as training/punctuation writes it. Unknown fields are facts for people. */
const descriptionSchema = z
  .looseObject({
    format: z.literal(FORMAT),
    languages: z.array(z.string()).min(1),
    window: z.int().positive(),
    margin: z.int().nonnegative(),
    files: z.object({ [GRAPH]: fileFacts, [TOKENS]: fileFacts, [FORMS]: fileFacts }),
  })
  .refine(({ window, margin }) => window > 2 * margin, "window must be more than twice the margin");

/** A model of punctuation and capitals, its graph not loaded yet. */
export interface Punctuator {
  languages: readonly string[];
  /** Path of the graph. */
  graph: string;
  shape: WindowShape;
  speller: Speller;
  /** Words in lower case → as they are written, for those that are neither Title nor UPPER. */
  forms: ReadonlyMap<string, string>;
}

/** Reads and verifies a folder's punctuator. Throws PackError. */
export async function openPunctuator(folder: string): Promise<Punctuator> {
  const { languages, window, margin, files } = await readDescription(folder);
  for (const [name, facts] of Object.entries(files)) await verify(folder, name, facts);
  const tokens = await readFile(join(folder, TOKENS), "utf8");
  const size = tokens.split("\n").filter((line) => line.trim() !== "").length;
  return {
    languages,
    graph: join(folder, GRAPH),
    shape: { window, margin },
    speller: new Speller(parseTokens(tokens, size, TOKENS)),
    forms: parseForms(await readFile(join(folder, FORMS), "utf8")),
  };
}

async function readDescription(folder: string): Promise<z.output<typeof descriptionSchema>> {
  const text = await readFile(join(folder, DESCRIPTION), "utf8").catch((cause: unknown) => {
    throw new PackError("pack_file_missing", `${folder} has no ${DESCRIPTION}.`, { cause });
  });
  const invalid = (what: string) => new PackError("pack_invalid", `${DESCRIPTION} of ${folder} ${what}.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid("is not JSON");
  }
  const parsed = descriptionSchema.safeParse(json);
  if (!parsed.success) throw invalid(`is not valid: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

async function verify(folder: string, name: string, facts: z.output<typeof fileFacts>): Promise<void> {
  const path = join(folder, name);
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new PackError("pack_file_missing", `${folder} lacks ${name}.`, { cause });
  });
  if (size === facts.bytes && (await fileDigest(path)) === facts.sha256) return;
  const message = `${name} of ${folder} is not the file its ${DESCRIPTION} describes.`;
  throw new PackError("pack_file_changed", message);
}

/** One `word Form` a line. */
function parseForms(text: string): Map<string, string> {
  const forms = new Map<string, string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [word, form, ...more] = line.trim().split(/\s+/);
    if (word === undefined || form === undefined || more.length > 0)
      throw new PackError("pack_invalid", `${FORMS}: line ${index + 1} is not "word form".`);
    forms.set(word, form);
  }
  return forms;
}
