import { channelName, namesChannels } from "./channel-names.ts";
import { isVisible, plainLine } from "./plain-text.ts";
import type { Transcript } from "./transcript.ts";

/**
 * Plain text to read or to grep: one line for each segment, that is from pause to pause, in order of time. Where
 * channels were split, each line begins with its own: `Channel 1: …`. No times, no wrapping. "" without any speech.
 */
export function renderText(transcript: Transcript): string {
  const named = namesChannels(transcript);
  return transcript.segments
    .filter((segment) => isVisible(segment.text))
    .map(({ channel, text }) => `${named ? `${channelName(channel)}: ` : ""}${plainLine(text)}\n`)
    .join("");
}
