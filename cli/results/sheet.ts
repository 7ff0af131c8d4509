import type { FormatName } from "../../src/formats/index.ts";
import { UsageError } from "../errors.ts";

/** A rendered transcript as it stands on standard output: among several texts, under its file's name. */
export function onSheet(path: string, format: FormatName, body: string, inputs: number): string {
  const heading = inputs > 1 && format === "text" ? `==> ${path} <==\n` : "";
  return heading + (body === "" || body.endsWith("\n") ? body : `${body}\n`);
}

/** Throws UsageError where several results would run into one another. */
export function checkSharing(format: FormatName, inputs: number): void {
  if (inputs < 2 || (format !== "srt" && format !== "vtt")) return;
  throw new UsageError(
    `Subtitles of ${inputs} recordings cannot share one stream. Name a folder with --output.`,
  );
}
