import { InvalidArgumentError } from "commander";
import type { Hotword } from "../src/asr/index.ts";
import { isId } from "../src/jobs/messages.ts";
import { decimal } from "./numbers.ts";

/** Arguments as people write them → values. Each throws commander's InvalidArgumentError, which becomes exit code 2. */

export function addHotword(value: string, previous: Hotword[] = []): Hotword[] {
  const match = /^(.*?)(?::([0-9.]+))?$/s.exec(value);
  const phrase = match?.[1].trim() ?? "";
  if (phrase === "")
    throw new InvalidArgumentError("A hotword needs a phrase, for example --hotword PHRASE:4.");
  return [...previous, { phrase, ...(match?.[2] !== undefined && { boost: decimal(match[2]) }) }];
}

export function addMetadata(value: string, previous: Record<string, string> = {}): Record<string, string> {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Metadata is key=value, for example --metadata case=A-17.");
  return { ...previous, [value.slice(0, at)]: value.slice(at + 1) };
}

export function addReplacement(
  value: string,
  previous: { find: string; with: string }[] = [],
): { find: string; with: string }[] {
  const [find, ...rest] = value.split("=").map((part) => part.trim());
  const written = rest.join("=");
  if (find === "" || written === "")
    throw new InvalidArgumentError('A replacement is find=with, for example --replace "sequel=SQL".');
  return [...previous, { find, with: written }];
}

/** Checked here, since it becomes part of a path. */
export function transcriptionId(value: string): string {
  return checkId(value, "tr", "a transcription");
}

export function addTranscriptionId(value: string, previous: string[] = []): string[] {
  return [...previous, transcriptionId(value)];
}

export function batchId(value: string): string {
  return checkId(value, "ba", "a batch");
}

export function subjectId(value: string): string {
  return value.startsWith("ba_") ? batchId(value) : transcriptionId(value);
}

function checkId(value: string, prefix: "tr" | "ba", what: string): string {
  if (!isId(value, prefix))
    throw new InvalidArgumentError(`The id of ${what} is ${prefix}_ and 32 hexadecimal digits.`);
  return value;
}
