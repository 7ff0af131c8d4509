import { channelName, namesChannels } from "./channel-names.ts";
import { isVisible, plainLine } from "./plain-text.ts";
import type { Transcript, TranscriptParagraph } from "./transcript.ts";

/**
 * Plain text to read or to grep: one line for each paragraph, or where there are none for each segment, that is from pause
 * to pause, in order of time. Where channels were split, each line begins with its own: `Channel 1: …`. No times, no
 * wrapping. "" without any speech.
 */
export function renderText(transcript: Transcript): string {
  const named = namesChannels(transcript);
  return (transcript.paragraphs?.map(paragraphLine) ?? transcript.segments)
    .filter(({ text }) => isVisible(text))
    .map(({ channel, text }) => `${named ? `${channelName(channel)}: ` : ""}${plainLine(text)}\n`)
    .join("");
}

function paragraphLine({ channel, sentences }: TranscriptParagraph) {
  return { channel, text: sentences.map(({ text }) => text).join(" ") };
}
