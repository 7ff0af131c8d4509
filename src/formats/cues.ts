import { namesChannels } from "./channel-names.ts";
import { cutIntoCues } from "./cue-cuts.ts";
import { CUE_LIMITS } from "./cue-limits.ts";
import { layOutLines } from "./cue-lines.ts";
import { type CueWord, cueWords } from "./cue-words.ts";
import type { Transcript } from "./transcript.ts";

/** What stands on the screen at one time. */
export interface Cue {
  /** Whole milliseconds. */
  start: number;
  /** Greater than `start`, at most 7 s after it, never after the start of the next cue. */
  end: number;
  /** One or two, each of at most 42 columns and never blank. Not escaped. */
  lines: string[];
  /** From 0. Only where there are channels to be told apart. */
  channel?: number;
}

/**
 * The cues of SRT and WebVTT, in order of time. Cues never overlap, not even where two channels speak at once: whoever
 * is interrupted is cut at a word, and the cues take turns. Every visible word appears once, in its channel's order.
 */
export function cues(transcript: Transcript): Cue[] {
  const named = namesChannels(transcript);
  const channels = cueWords(transcript);
  const all = [...channels].flatMap(([channel, words]) =>
    cutIntoCues(words, turnsOfOthers(transcript, channels, channel)).map((cut) => toCue(cut, channel, named)),
  );
  all.sort((a, b) => a.start - b.start || (a.channel ?? 0) - (b.channel ?? 0));
  return takeTurns(all, Math.round(transcript.duration * 1000));
}

function toCue(words: readonly CueWord[], channel: number, named: boolean): Cue {
  const lines = layOutLines(words);
  return { start: words[0].start, end: words.at(-1)!.end, lines, ...(named && { channel }) };
}

/** When the segments of the other channels start. Not their words: two who talk at once would be cut to shreds. */
function turnsOfOthers(
  transcript: Transcript,
  channels: ReadonlyMap<number, unknown>,
  channel: number,
): number[] {
  if (channels.size < 2) return [];
  return transcript.segments
    .filter((other) => (other.channel ?? 0) !== channel)
    .map((other) => other.start * 1000);
}

/** Ends overlaps, and gives short cues of the silence after them. `duration` in milliseconds. */
function takeTurns(all: readonly Cue[], duration: number): Cue[] {
  let free = 0;
  return all.map((cue, index) => {
    const next = all[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    const start = Math.max(cue.start, free);
    const least = Math.min(CUE_LIMITS.readable, cue.end - cue.start);
    // Gives way to the next cue, but not before it could be read; the next one then starts late.
    const spoken = Math.max(Math.min(cue.end, next), start + least);
    const readable = Math.min(start + CUE_LIMITS.readable, next, Math.max(duration, spoken));
    free = Math.max(spoken, readable);
    return { ...cue, start, end: free };
  });
}
