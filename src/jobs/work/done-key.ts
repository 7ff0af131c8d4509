import { sha256Hex } from "../digest.ts";
import type { Transcription, TranscriptionOptions } from "../transcription.ts";

/** What this model makes of this content with these options, as a digest. Null where the content's etag is not known. */
export async function doneKey(
  { owner, source, sourceEtag, options }: Pick<Transcription, "owner" | "source" | "sourceEtag" | "options">,
  model: { name: string; version: string },
): Promise<string | null> {
  if (sourceEtag === null) return null;
  const { language, channels, hotwords, alternatives, wordTimestamps, track, start, end } = options;
  const how: unknown[] = [language, channels, hotwords, alternatives, wordTimestamps];
  // Named only where it was chosen, so that what was done before there was a choice still counts as done.
  if (track) how.push({ track });
  if (start || typeof end === "number") how.push({ start: start ?? 0, end: end ?? null });
  const written = writtenOtherwise(options);
  if (Object.keys(written).length > 0) how.push(written);
  const what = [owner, source.bucket, source.key, sourceEtag, model.name, model.version];
  return sha256Hex(JSON.stringify([what, how]));
}

/** The options of how words are written, where they are not the usual ones. */
function writtenOtherwise({ formatText = true, punctuate, numerals, replace = [] }: TranscriptionOptions) {
  return {
    ...(!formatText && { formatText }),
    ...((punctuate ?? formatText) !== formatText && { punctuate }),
    ...((numerals ?? formatText) !== formatText && { numerals }),
    ...(replace.length > 0 && { replace }),
  };
}
