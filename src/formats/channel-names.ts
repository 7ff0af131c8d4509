import type { Transcript, TranscriptSegment } from "./transcript.ts";

/** Whether readers need to be told the channels apart: they were split, and there is more than one. */
export function namesChannels(transcript: Transcript): boolean {
  return (transcript.channels?.length ?? 0) > 1;
}

/** People count from 1. */
export function channelName(channel: TranscriptSegment["channel"]): string {
  return `Channel ${(channel ?? 0) + 1}`;
}
