import type { Limits } from "./limits.ts";
import type { Transcription } from "./transcription.ts";

/** What a second of a recording takes, in bytes, by the end of its name: speech as it is usually kept. */
const BYTES_PER_SECOND: readonly [RegExp, number][] = [
  [/\.(wav|w64|caf|aiff?|au|wv|tta|ape)$/i, 32_000],
  [/\.flac$/i, 20_000],
  [/\.(opus|amr|spx|3gp|3ga)$/i, 4_000],
  [/\.(mp4|mov|mkv|webm|avi|flv|wmv|mxf|ogv|m?ts|m2ts|mpg)$/i, 150_000],
];
const ANY_OTHER = 12_000;
/** Of a recording of which not even the size is known. */
const UNKNOWN_SECONDS = 300;

type Known = Pick<Transcription, "source" | "fileName" | "sourceBytes">;

/** Seconds of audio that a recording has, about: within a factor of a few, to say how much work waits. */
export function expectedSeconds(
  { source, fileName, sourceBytes }: Known,
  { durationSeconds }: Pick<Limits, "durationSeconds">,
): number {
  if (sourceBytes === undefined || sourceBytes === null) return UNKNOWN_SECONDS;
  const name = fileName ?? source.key;
  const rate = BYTES_PER_SECOND.find(([ending]) => ending.test(name))?.[1] ?? ANY_OTHER;
  return Math.min(durationSeconds, sourceBytes / rate);
}
