import { CUE_LIMITS } from "./cue-limits.ts";
import { advance } from "./cue-lines.ts";
import type { CueWord } from "./cue-words.ts";
import { phraseEnd } from "./phrase-ends.ts";

/** Prices of the search below, against 1 for every cue. */
const PAUSE = { full: 500, worth: 0.75 }; // ms, and from there on as good as it gets
const PHRASE_END = { sentence: 0.8, clause: 0.3 };
const FULL_CUE = CUE_LIMITS.lineWidth * CUE_LIMITS.lines;

/**
 * Cuts the words of one channel into cues, the way Knuth and Plass break paragraphs: of all the ways to cut that
 * keep the limits, the one with the fewest and most evenly filled cues and with cuts at pauses, ends of sentences and of clauses.
 * `breaks` are times at which somebody else starts to speak: the first word from there on begins a cue.
 */
export function cutIntoCues(words: readonly CueWord[], breaks: readonly number[] = []): CueWord[][] {
  const forced = forcedCuts(words, breaks);
  const cost = new Float64Array(words.length + 1); // of the words from here to the end
  const next = new Int32Array(words.length); // where the cue that begins here ends best
  for (let from = words.length - 1; from >= 0; from--) {
    cost[from] = Number.POSITIVE_INFINITY;
    for (const { to, width } of candidates(words, from, forced)) {
      const total = 1 + (1 - width / FULL_CUE) ** 2 - cutWorth(words, to) + cost[to];
      if (total >= cost[from]) continue;
      cost[from] = total;
      next[from] = to;
    }
  }
  const cues: CueWord[][] = [];
  for (let from = 0; from < words.length; from = next[from]) cues.push(words.slice(from, next[from]));
  return cues;
}

/** The ends a cue may have that begins with word `from`: at least one, and no more than fit into it. */
function* candidates(
  words: readonly CueWord[],
  from: number,
  forced: Uint8Array,
): Generator<{ to: number; width: number }> {
  let line = 0;
  let lines = 1;
  let width = 0;
  for (let index = from; index < words.length; index++) {
    if (index > from && (forced[index] || words[index].end - words[from].start > CUE_LIMITS.longest)) return;
    width += advance(words, from, index);
    line += line === 0 ? words[index].width : advance(words, from, index);
    if (line > CUE_LIMITS.lineWidth) {
      lines++;
      line = words[index].width;
    }
    if (lines > CUE_LIMITS.lines) return;
    yield { to: index + 1, width };
  }
}

/** What it is worth to cut before word `to`. */
function cutWorth(words: readonly CueWord[], to: number): number {
  const last = words[to - 1];
  const pause = to < words.length ? words[to].start - last.end : 0;
  const end = phraseEnd(last.text, words[to]?.text);
  return (end ? PHRASE_END[end] : 0) + PAUSE.worth * Math.min(1, pause / PAUSE.full);
}

/** 1 at each word that must begin a cue: after a silence, or where somebody else starts to speak. */
function forcedCuts(words: readonly CueWord[], breaks: readonly number[]): Uint8Array {
  const times = breaks.toSorted((a, b) => a - b);
  const forced = new Uint8Array(words.length);
  let at = 0;
  for (let index = 1; index < words.length; index++) {
    const before = words[index - 1];
    const word = words[index];
    while (at < times.length && times[at] <= before.start) at++;
    const interrupted = at < times.length && times[at] <= word.start;
    if (interrupted || word.start - before.end >= CUE_LIMITS.silence) forced[index] = 1;
  }
  return forced;
}
