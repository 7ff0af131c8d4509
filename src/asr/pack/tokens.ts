import { PackError } from "../errors.ts";

/**
 * Parse `tokens.txt`: one `piece id` a line, ids 0 … size−1 each once, in any order (WeNet's units.txt has the same form).
 * Throws PackError pack_invalid naming the file and the line.
 */
export function parseTokens(text: string, size: number, file = "tokens.txt"): string[] {
  const invalid = (what: string) => new PackError("pack_invalid", `${file}: ${what}.`);
  const pieces = new Array<string | undefined>(size).fill(undefined);
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const match = /^(\S+)\s+(\d+)\s*$/.exec(line);
    if (!match) throw invalid(`line ${index + 1} is not "piece id"`);
    const id = Number(match[2]);
    if (id >= size) throw invalid(`line ${index + 1} has id ${id}, but the vocabulary has ${size} entries`);
    if (pieces[id] !== undefined) throw invalid(`line ${index + 1} repeats id ${id}`);
    pieces[id] = match[1];
  }
  const missing = pieces.indexOf(undefined);
  if (missing >= 0) throw invalid(`id ${missing} has no piece`);
  return pieces as string[];
}
