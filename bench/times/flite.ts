import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Flite's voices of 16 kHz in Debian's package. */
export const VOICES = ["kal16", "slt", "awb", "rms"] as const;

export interface SpokenWord {
  word: string;
  /** Seconds. */
  start: number;
  end: number;
}

interface Phone {
  name: string;
  start: number;
  end: number;
}

const PAUSE = "pau";

/** Have flite say a text into a WAV file. Null where its phones cannot be told apart into words. */
export async function speak(text: string, voice: string, file: string): Promise<SpokenWord[] | null> {
  const [durations] = await Promise.all([
    flite(text, voice, "-psdur", "none"),
    flite(text, voice, "-o", file),
  ]);
  const words = text.split(" ");
  const alone = await Promise.all(words.map((word) => flite(word, voice, "-ps", "none")));
  const counts = alone.map((phones) => phones.split(" ").filter((name) => name !== PAUSE).length);
  return wordsOf(words, counts, parseDurations(durations));
}

/** `pau:0.2 w:0.3 ah:0.4`: each phone with the second at which it ends. */
export function parseDurations(text: string): Phone[] {
  let start = 0;
  return text.split(" ").map((entry) => {
    const [name, seconds] = entry.split(":");
    const phone = { name, start, end: Number(seconds) };
    start = phone.end;
    return phone;
  });
}

/** `counts`: phones of each word when it is said alone. Null where the text as a whole has another number of them. */
export function wordsOf(words: string[], counts: number[], phones: Phone[]): SpokenWord[] | null {
  const spoken = phones.filter(({ name }) => name !== PAUSE);
  if (counts.reduce((sum, count) => sum + count, 0) !== spoken.length) return null;
  let at = 0;
  return words.map((word, index) => {
    const first = spoken[at];
    at += counts[index];
    return { word, start: first.start, end: spoken[at - 1].end };
  });
}

async function flite(text: string, voice: string, ...options: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("flite", ["-voice", voice, "-t", text, ...options]);
  return stdout.trim();
}
