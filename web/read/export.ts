import type { Transcript } from "../api/shapes.ts";
import { type Edits, edited } from "./edits.ts";
import type { Script } from "./script.ts";

/** Every word with its times, as it was heard and as it is written, for a spreadsheet (RFC 4180). */
export function toCsv(script: Script): string {
  const lines = script.rows.flatMap(({ segment, first, count }) =>
    Array.from({ length: count }, (_, index) => {
      const word = first + index;
      const channel = segment.channel === undefined ? "" : String(segment.channel + 1);
      const { starts, ends, heard, words, confidences } = script;
      const times = [starts[word], ends[word]];
      return [segment.id, channel, ...times, heard[word], words[word], confidences[word] ?? ""];
    }),
  );
  const header = ["segment", "channel", "start", "end", "word", "written", "confidence"];
  return [header, ...lines].map((line) => `${line.map(quote).join(",")}\r\n`).join("");
}

/** A cell that begins like a formula would be run as one by a spreadsheet. */
function quote(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line for each segment. */
export function toText(script: Script, words: readonly string[]): string {
  return script.rows.map(({ first, count }) => `${join(words, first, count)}\n`).join("");
}

/** The service's JSON with the reader's words in it. */
export function toEditedJson(transcript: Transcript, script: Script, edits: Edits): string {
  const words = edited(script.words, edits);
  const segments = script.rows.map(({ segment, first, count }) => ({
    ...segment,
    text: touched(edits, first, count) ? join(words, first, count) : segment.text,
    words: segment.words.map((word, index) => {
      const text = edits.words[first + index];
      return text === undefined ? word : { ...word, word: text, ...("display" in word && { display: text }) };
    }),
  }));
  const text = segments.map((segment) => segment.text).join(" ");
  return `${JSON.stringify({ ...transcript, text, segments })}\n`;
}

const MOST_CHARACTERS = 80;
const MOST_SECONDS = 7;

/** Subtitles of the reader's words: cut at words, short enough to be read. */
export function toSrt(script: Script, words: readonly string[]): string {
  const cues: { start: number; end: number; text: string }[] = [];
  for (const { first, count } of script.rows) {
    let cue: (typeof cues)[number] | null = null;
    for (let word = first; word < first + count; word++) {
      const { [word]: start } = script.starts;
      const { [word]: end } = script.ends;
      if (words[word] === "") {
        // Said as a part of the one before.
        if (cue && script.holders[word] !== word) cue.end = end;
        continue;
      }
      const longer: string | null = cue && `${cue.text} ${words[word]}`;
      if (cue && longer && longer.length <= MOST_CHARACTERS && end - cue.start <= MOST_SECONDS)
        Object.assign(cue, { text: longer, end });
      else {
        cue = { start, end, text: words[word] };
        cues.push(cue);
      }
    }
  }
  return cues
    .map(({ start, end, text }, index) => `${index + 1}\n${time(start)} --> ${time(end)}\n${text}\n`)
    .join("\n");
}

function time(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const part = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, "0");
  return `${part(ms / 3_600_000, 2)}:${part((ms / 60_000) % 60, 2)}:${part((ms / 1000) % 60, 2)},${part(ms % 1000, 3)}`;
}

export function join(words: readonly string[], first: number, count: number): string {
  return words
    .slice(first, first + count)
    .filter((word) => word !== "")
    .join(" ");
}

function touched({ words }: Edits, first: number, count: number): boolean {
  return Object.keys(words).some((word) => Number(word) >= first && Number(word) < first + count);
}
