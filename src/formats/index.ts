import { renderJson } from "./json.ts";
import { renderSrt } from "./srt.ts";
import { renderText } from "./text.ts";
import type { Transcript } from "./transcript.ts";
import { renderVtt } from "./vtt.ts";

export { buildTranscript, type SegmentDraft, type TranscriptDraft } from "./build-transcript.ts";
export { CUE_LIMITS } from "./cue-limits.ts";
export { type Cue, cues } from "./cues.ts";
export { parseTranscript } from "./json.ts";
export type * from "./transcript.ts";
export { type WrittenWord, writtenWords } from "./written-words.ts";

export interface TranscriptFormat {
  /** For a Content-Type header. All formats are UTF-8, without a byte order mark. */
  mediaType: string;
  /** Without the dot. */
  extension: string;
  render(transcript: Transcript): string;
}

export type FormatName = "json" | "text" | "srt" | "vtt";

/** The formats by the names that the API and the command line know them by. */
export const FORMATS: Readonly<Record<FormatName, TranscriptFormat>> = {
  json: { mediaType: "application/json", extension: "json", render: renderJson },
  text: { mediaType: "text/plain; charset=utf-8", extension: "txt", render: renderText },
  srt: { mediaType: "application/x-subrip", extension: "srt", render: renderSrt },
  vtt: { mediaType: "text/vtt", extension: "vtt", render: renderVtt },
};

export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[];

/** The format of that name in whatever case, or null: what to say about it is the caller's business. */
export function parseFormat(name: string): FormatName | null {
  const wanted = name.toLowerCase();
  return FORMAT_NAMES.find((format) => format === wanted) ?? null;
}
