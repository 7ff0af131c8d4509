import type { Transcript } from "./transcript.ts";

/** The whole transcript on one line: indented it would be three times as long, and a recording of hours has megabytes of it. */
export function renderJson(transcript: Transcript): string {
  return `${JSON.stringify(transcript)}\n`;
}

/**
 * Reads back what `renderJson` wrote. Checks that it is a transcript at all, not each field: it was ours.
 * Throws SyntaxError or TypeError.
 */
export function parseTranscript(json: string): Transcript {
  const value: unknown = JSON.parse(json);
  if (!isTranscript(value)) throw new TypeError("This JSON is not a transcript.");
  return value;
}

function isTranscript(value: unknown): value is Transcript {
  if (typeof value !== "object" || value === null) return false;
  const { id, duration, text, segments } = value as Partial<Record<keyof Transcript, unknown>>;
  return (
    typeof id === "string" &&
    typeof duration === "number" &&
    typeof text === "string" &&
    Array.isArray(segments)
  );
}
