import { channelName } from "./channel-names.ts";
import { type Cue, cues } from "./cues.ts";
import { timestamp } from "./timestamp.ts";
import type { Transcript } from "./transcript.ts";

const ESCAPES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  // Not needed for tags, but without it `-->` could stand in a cue, which https://www.w3.org/TR/webvtt1/ forbids.
  [">", "&gt;"],
]);

/** WebVTT: period decimals, text escaped, split channels as voices: `<v Channel 1>`. Without any speech, the header alone. */
export function renderVtt(transcript: Transcript): string {
  return ["WEBVTT\n", ...cues(transcript).map(renderCue)].join("\n");
}

function renderCue({ start, end, lines, channel }: Cue): string {
  const voice = channel === undefined ? "" : `<v ${channelName(channel)}>`;
  const text = lines.join("\n").replaceAll(/[&<>]/g, (character) => ESCAPES.get(character)!);
  return `${timestamp(start, ".")} --> ${timestamp(end, ".")}\n${voice}${text}\n`;
}
