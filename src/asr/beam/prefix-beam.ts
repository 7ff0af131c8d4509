/**
 * CTC prefix beam search over the best tokens of each frame, with Viterbi times, optional hotwords and an optional
 * language model (shallow fusion: what it says of each token is added to the prefix's score as it grows).
 *
 * Reproduces WeNet's `ctc_prefix_beam_search` (scores to 1e-9 against a plain Map-based one) but for three faults:
 * a token's time is the true peak of its run, not the run's last frame; hotwords keep what they earned at the end of
 * the utterance; and a hotword that begins another one counts as complete.
 *
 * Equal totals are settled in this order: a prefix of the last beam before a new one; then the better place in the
 * last beam (its own, or its parent's); then the better rank of its token in the frame. Of two equally good alignments
 * the one that goes on with the token's run is taken, and of equal peaks the first.
 */
import { EngineError } from "../errors.ts";
import { Beam, PrefixTree, Slots, TimeChains } from "./beam-state.ts";
import type { ContextGraph } from "./context-graph.ts";
import { checkFrame, type FrameCandidates, logProbIn } from "./frame-candidates.ts";
import type { LanguageScorer } from "./language-scorer.ts";
import { logAdd } from "./log-add.ts";

export type { FrameCandidates } from "./frame-candidates.ts";

export interface Hypothesis {
  /** Without blanks. */
  tokens: Int32Array; // [n]
  /** Log probability over all alignments kept, plus `contextScore`. */
  ctcScore: number;
  /** What hotwords and the language model add. */
  contextScore: number;
  /** The frame at which each token peaks in the best alignment. */
  peaks: Int32Array; // [n]
}

export interface BeamOptions {
  beam: number;
  /** Tokens tried in each frame, of those there are; default `beam`, as in WeNet. */
  width?: number;
  blank: number;
  context?: ContextGraph;
  language?: LanguageScorer;
}

/** One search without keeping its buffers. */
export function prefixBeamSearch(candidates: FrameCandidates, options: BeamOptions): Hypothesis[] {
  return new PrefixBeamSearch().search(candidates, options);
}

/** A search that keeps its buffers from one utterance to the next; they grow with frames × beam only. */
export class PrefixBeamSearch {
  private capacity = 0;
  private width = 0;
  private now = new Beam(0);
  private next = new Beam(0);
  private slots = new Slots(0);
  private readonly tree = new PrefixTree();
  private readonly chains = new TimeChains();
  private best = new Int32Array(0); // [beam] slots, best first
  private bestTotal = new Float64Array(0); // [beam]
  private kept = 0;
  private firstChild = new Int32Array(0); // [beam] place of one child that is in the beam too, or −1
  private nextChild = new Int32Array(0); // [beam] place of the parent's next child in the beam, or −1

  /** At most `beam` hypotheses, best first; never none. No frames: the empty hypothesis with score 0. */
  search(candidates: FrameCandidates, options: BeamOptions): Hypothesis[] {
    const { frames, k } = candidates;
    const { beam, blank, context, language } = options;
    if (!Number.isInteger(beam) || beam < 1) {
      throw new EngineError("invalid_option", `The beam must be a whole number above 0, not ${beam}.`);
    }
    const width = Math.min(options.width ?? beam, k);
    this.reserve(beam, width);
    this.tree.reset(frames * beam + 1, context?.start ?? 0, language?.start ?? 0);
    this.chains.reset(frames * beam);
    this.begin();
    for (let frame = 0; frame < frames; frame++) {
      checkFrame(candidates, frame, width);
      this.kept = 0;
      this.carryOn(candidates, frame, width, beam, blank);
      this.branch(candidates, frame, width, options);
      this.advance(frame);
    }
    return this.hypotheses(context);
  }

  private reserve(beam: number, width: number): void {
    if (this.capacity === beam && this.width >= width) return;
    this.capacity = beam;
    this.width = width;
    this.now = new Beam(beam);
    this.next = new Beam(beam);
    this.slots = new Slots(beam * (1 + width));
    this.best = new Int32Array(beam);
    this.bestTotal = new Float64Array(beam);
    this.firstChild = new Int32Array(beam);
    this.nextChild = new Int32Array(beam);
  }

  private begin(): void {
    const { now } = this;
    now.size = 1;
    now.node[0] = 0;
    now.s[0] = 0;
    now.ns[0] = Number.NEGATIVE_INFINITY;
    now.vs[0] = 0;
    now.vns[0] = 0;
    now.cur[0] = Number.NEGATIVE_INFINITY;
    now.timesS[0] = -1;
    now.timesNs[0] = -1;
    now.score[0] = 0;
    now.vit[0] = 0;
    now.times[0] = -1;
    this.tree.place[0] = 0;
  }

  /** The prefixes of the beam with a blank, with their last token again, or reached anew from their parent. */
  private carryOn(
    { logProbs, tokens, k }: FrameCandidates,
    frame: number,
    width: number,
    beam: number,
    blank: number,
  ): void {
    const { now, slots, tree, chains, firstChild, nextChild } = this;
    const row = frame * k;
    const blankLogProb = logProbIn(logProbs, tokens, row, width, blank);
    firstChild.fill(-1, 0, now.size);
    for (let x = 0; x < now.size; x++) {
      const node = now.node[x];
      const last = tree.token[node];
      const p = logProbIn(logProbs, tokens, row, width, last);
      let ns = now.ns[x] + p;
      let vns = now.vns[x] + p;
      let cur = now.cur[x];
      let chain = now.timesNs[x];
      let append = 0;
      if (p > cur && chain >= 0) {
        cur = p;
        chain = chains.withoutLast(chain);
        append = 1;
      }
      const parent = node === 0 ? -1 : tree.place[tree.parent[node]];
      if (parent >= 0) {
        nextChild[x] = firstChild[parent];
        firstChild[parent] = x;
        const again = tree.token[now.node[parent]] === last; // then only a blank makes it a second token
        ns = logAdd(ns, (again ? now.s[parent] : now.score[parent]) + p);
        const v = (again ? now.vs[parent] : now.vit[parent]) + p;
        if (vns < v) {
          vns = v;
          cur = p;
          chain = again ? now.timesS[parent] : now.times[parent];
          append = 1;
        }
      }
      const s = now.score[x] + blankLogProb;
      const score = logAdd(s, ns);
      slots.s[x] = s;
      slots.ns[x] = ns;
      slots.vs[x] = now.vit[x] + blankLogProb;
      slots.vns[x] = vns;
      slots.cur[x] = cur;
      slots.score[x] = score;
      slots.chain[x] = chain;
      slots.append[x] = append;
      if (score > Number.NEGATIVE_INFINITY) this.offer(score + tree.context[node], x, beam);
    }
  }

  /** New prefixes: one of the beam and one more token. Each has one way to arise, so nothing is summed. */
  private branch(
    { logProbs, tokens, k }: FrameCandidates,
    frame: number,
    width: number,
    { beam, blank, context, language }: BeamOptions,
  ): void {
    const { now, slots, tree, bestTotal } = this;
    const row = frame * k;
    const maxGain = (context?.maxGain ?? 0) + (language?.maxGain ?? 0);
    let slot = now.size;
    for (let x = 0; x < now.size; x++) {
      const node = now.node[x];
      const last = tree.token[node];
      const score = now.score[x];
      const most = score + tree.context[node] + maxGain;
      for (let rank = 0; rank < width; rank++) {
        const p = logProbs[row + rank];
        // The tokens come best first: when this one cannot enter the beam, no later one can.
        if (this.kept === beam && most + p <= bestTotal[beam - 1]) break;
        const token = tokens[row + rank];
        const again = token === last;
        const ns = (again ? now.s[x] : score) + p;
        if (token === blank || ns === Number.NEGATIVE_INFINITY || this.isInBeam(x, token)) continue;
        let bonus = tree.context[node];
        if (context !== undefined) {
          const from = tree.state[node];
          const to = context.step(from, token);
          bonus += context.gain(from, to);
          slots.state[slot] = to;
        }
        if (language !== undefined) {
          // Asked only where the best answer would do: a look into the model costs more than the rest.
          if (this.kept === beam && ns + bonus + language.mostOf[token] <= bestTotal[beam - 1]) continue;
          slots.history[slot] = language.step(tree.history[node], token);
          bonus += language.gain;
        }
        const total = ns + bonus;
        if (this.kept === beam && total <= bestTotal[beam - 1]) continue;
        slots.ns[slot] = ns;
        slots.vns[slot] = (again ? now.vs[x] : now.vit[x]) + p;
        slots.cur[slot] = p;
        slots.chain[slot] = again ? now.timesS[x] : now.times[x];
        slots.parent[slot] = x;
        slots.token[slot] = token;
        slots.context[slot] = bonus;
        this.offer(total, slot++, beam);
      }
    }
  }

  private isInBeam(parent: number, token: number): boolean {
    const { now, tree, nextChild } = this;
    for (let x = this.firstChild[parent]; x >= 0; x = nextChild[x]) {
      if (tree.token[now.node[x]] === token) return true;
    }
    return false;
  }

  /** Insertion into the best so far; on equal totals the earlier offer stays ahead. */
  private offer(total: number, slot: number, beam: number): void {
    const { best, bestTotal } = this;
    if (this.kept === beam && total <= bestTotal[beam - 1]) return;
    let at = this.kept < beam ? this.kept++ : beam - 1;
    for (; at > 0 && bestTotal[at - 1] < total; at--) {
      bestTotal[at] = bestTotal[at - 1];
      best[at] = best[at - 1];
    }
    bestTotal[at] = total;
    best[at] = slot;
  }

  /** Make the best slots the beam. Only now do new prefixes get nodes and changed times cells. */
  private advance(frame: number): void {
    const { now, next, slots, tree, chains, best } = this;
    for (let x = 0; x < now.size; x++) tree.place[now.node[x]] = -1;
    for (let x = 0; x < this.kept; x++) {
      const slot = best[x];
      const isNew = slot >= now.size;
      const vs = isNew ? Number.NEGATIVE_INFINITY : slots.vs[slot];
      const vns = slots.vns[slot];
      const timesS = isNew ? -1 : now.times[slot];
      const append = isNew || slots.append[slot] === 1;
      const timesNs = append ? chains.append(slots.chain[slot], frame) : slots.chain[slot];
      const node = isNew ? tree.extend(now.node[slots.parent[slot]], slots, slot) : now.node[slot];
      tree.place[node] = x;
      next.node[x] = node;
      next.s[x] = isNew ? Number.NEGATIVE_INFINITY : slots.s[slot];
      next.ns[x] = slots.ns[slot];
      next.vs[x] = vs;
      next.vns[x] = vns;
      next.cur[x] = slots.cur[slot];
      next.timesS[x] = timesS;
      next.timesNs[x] = timesNs;
      next.score[x] = isNew ? slots.ns[slot] : slots.score[slot];
      next.vit[x] = Math.max(vs, vns);
      next.times[x] = vs > vns ? timesS : timesNs;
    }
    next.size = this.kept;
    this.now = next;
    this.next = now;
  }

  private hypotheses(context: ContextGraph | undefined): Hypothesis[] {
    const { now, tree, chains } = this;
    const all: Hypothesis[] = [];
    for (let x = 0; x < now.size; x++) {
      const node = now.node[x];
      const contextScore = tree.context[node] + (context?.finalise(tree.state[node]) ?? 0);
      const tokens = tree.tokensOf(node);
      const peaks = chains.framesOf(now.times[x], tokens.length);
      all.push({ tokens, ctcScore: now.score[x] + contextScore, contextScore, peaks });
    }
    return all.sort((a, b) => b.ctcScore - a.ctcScore);
  }
}
