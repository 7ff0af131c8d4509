/** The prefix beam search as one would write it down: maps of prefixes, nothing clever. The fast one must equal it. */
import type { ContextGraph } from "../../../../src/asr/beam/context-graph.ts";
import type { LanguageScorer } from "../../../../src/asr/beam/language-scorer.ts";
import type { BeamOptions, FrameCandidates } from "../../../../src/asr/beam/prefix-beam.ts";

interface Prefix {
  tokens: number[];
  s: number;
  ns: number;
  vs: number;
  vns: number;
  cur: number;
  timesS: number[];
  timesNs: number[];
}

const NEVER = Number.NEGATIVE_INFINITY;

function add(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === NEVER ? NEVER : high + Math.log(Math.exp(a - high) + Math.exp(b - high));
}

function bonusOf(tokens: readonly number[], { context, language }: BeamOptions, finished: boolean): number {
  return hotwordBonus(tokens, context, finished) + languageBonus(tokens, language);
}

function languageBonus(tokens: readonly number[], language: LanguageScorer | undefined): number {
  if (language === undefined) return 0;
  let state = language.start;
  let bonus = 0;
  for (const token of tokens) {
    state = language.step(state, token);
    bonus += language.gain;
  }
  return bonus;
}

function hotwordBonus(
  tokens: readonly number[],
  context: ContextGraph | undefined,
  finished: boolean,
): number {
  if (context === undefined) return 0;
  let state = context.start;
  let bonus = 0;
  for (const token of tokens) {
    const to = context.step(state, token);
    bonus += context.gain(state, to);
    state = to;
  }
  return finished ? bonus + context.finalise(state) : bonus;
}

const score = (x: Prefix) => add(x.s, x.ns);
const viterbi = (x: Prefix) => Math.max(x.vs, x.vns);
const times = (x: Prefix) => (x.vs > x.vns ? x.timesS : x.timesNs);

export interface Found {
  tokens: number[];
  ctcScore: number;
  peaks: number[];
}

/** Scores nearer to each other than this are equal: they differ by the order of their sums alone. */
export const TIE = 1e-9;

/** The hypotheses, best first. `tied`: in some frame the beam ended between equals, of which it may keep either. */
export function referenceSearch(
  candidates: FrameCandidates,
  options: BeamOptions,
): { found: Found[]; tied: boolean } {
  const { beam, blank } = options;
  const empty: Prefix = {
    ...{ tokens: [], s: 0, ns: NEVER, vs: 0, vns: 0, cur: NEVER, timesS: [], timesNs: [] },
  };
  let kept = [empty];
  let tied = false;
  for (let t = 0; t < candidates.frames; t++) {
    const next = new Map<string, Prefix>();
    const at = (tokens: number[]): Prefix => {
      const made: Prefix = {
        ...{ tokens, s: NEVER, ns: NEVER, vs: NEVER, vns: NEVER, cur: NEVER, timesS: [], timesNs: [] },
      };
      const found = next.get(tokens.join()) ?? made;
      next.set(tokens.join(), found);
      return found;
    };
    for (let rank = 0; rank < Math.min(beam, candidates.k); rank++) {
      const u = candidates.tokens[t * candidates.k + rank];
      const p = candidates.logProbs[t * candidates.k + rank];
      for (const x of kept) {
        if (u === blank) {
          const same = at(x.tokens);
          same.s = add(same.s, score(x) + p);
          same.vs = viterbi(x) + p;
          same.timesS = times(x);
          continue;
        }
        const again = u === x.tokens.at(-1);
        if (again) {
          const same = at(x.tokens);
          same.ns = add(same.ns, x.ns + p);
          if (same.vns < x.vns + p) {
            same.vns = x.vns + p;
            same.cur = Math.max(x.cur, p);
            same.timesNs = p > x.cur ? [...x.timesNs.slice(0, -1), t] : x.timesNs;
          }
        }
        const longer = at([...x.tokens, u]);
        longer.ns = add(longer.ns, (again ? x.s : score(x)) + p);
        const v = (again ? x.vs : viterbi(x)) + p;
        if (longer.vns < v) {
          longer.vns = v;
          longer.cur = p;
          longer.timesNs = [...(again ? x.timesS : times(x)), t];
        }
      }
    }
    const total = (x: Prefix) => score(x) + bonusOf(x.tokens, options, false);
    const possible = [...next.values()].filter((x) => score(x) > NEVER);
    possible.sort((a, b) => total(b) - total(a));
    tied ||= possible.length > beam && total(possible[beam - 1]) - total(possible[beam]) < TIE;
    kept = possible.slice(0, beam);
  }
  const found = kept.map((x) => ({
    tokens: x.tokens,
    ctcScore: score(x) + bonusOf(x.tokens, options, true),
    peaks: times(x),
  }));
  return { found: found.sort((a, b) => b.ctcScore - a.ctcScore), tied };
}
