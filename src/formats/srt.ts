import { type Cue, cues } from "./cues.ts";
import { timestamp } from "./timestamp.ts";
import type { Transcript } from "./transcript.ts";

/**
 * SubRip: cues numbered from 1, comma decimals, a blank line between cues. Without any speech, "".
 * SubRip has no escapes, so text stands as it is, but for `-->`, which would start a cue and becomes an arrow.
 * It has no speakers either: split channels give their cues in order of time, unnamed (WebVTT names them).
 */
export function renderSrt(transcript: Transcript): string {
  return cues(transcript).map(renderCue).join("\n");
}

function renderCue({ start, end, lines }: Cue, index: number): string {
  const text = lines.map((line) => line.replaceAll("-->", "→"));
  return [index + 1, `${timestamp(start, ",")} --> ${timestamp(end, ",")}`, ...text, ""].join("\n");
}
