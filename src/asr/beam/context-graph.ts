/**
 * Hotwords for the beam: an Aho–Corasick automaton over token sequences whose states carry the bonus.
 *
 * What a token sequence earns:
 *   bonus = Σ over starts of paid(start)  +  max over starts of pending(start)
 * - paid(start): of the phrases that occur whole from that start, the one worth most (tokens × boost). It is kept for
 *   good. Phrases that begin at one place share their tokens ("NEW YORK" and "NEW YORK CITY" pay once, as the longer);
 *   phrases that begin at different places are different finds, and each is paid, overlapping or not.
 * - pending(start): where the sequence ends inside a phrase, what that phrase has promised so far (matched tokens ×
 *   boost) beyond what this start has already been paid. Only the best promise counts, and it is refunded when the
 *   match is left or the utterance ends.
 * With an anchor, a start is the beginning of the utterance or the place right after the anchor token ('▁'): the
 * pattern becomes anchor + phrase and the search begins as if the anchor had been read. The anchor earns nothing.
 *
 * Both sums depend on the automaton's state alone: `earned[state]` is what arriving there pays for good, over all
 * phrases that end there (its failure links included), and `pending[state]` the best promise over the same links. So
 * a step is worth earned[to] + pending[to] − pending[from], and the end of the utterance −pending[state].
 * Reference: WeNet's context graph in purpose only; its known faults (bonus lost at the end, prefixes of other phrases
 * never complete) are not reproduced. Checked against a scorer that reads whole sequences, to 1e-9.
 */
import { PairMap } from "./pair-map.ts";

export interface ContextPhrase {
  tokens: readonly number[];
  /** Added to the score for each token. */
  boost: number;
}

export interface ContextGraphOptions {
  /** Token after which alone a phrase may begin: the separator '▁' of character vocabularies. */
  anchor?: number;
}

const ROOT = 0;

export class ContextGraph {
  /** State before the first token. */
  readonly start: number;
  /** No single step is worth more than this. */
  readonly maxGain: number;
  private readonly children: PairMap;
  private readonly failure: Int32Array; // [states]
  private readonly earned: Float64Array; // [states]
  private readonly pending: Float64Array; // [states]

  private constructor(trie: Trie, start: number) {
    this.start = start;
    this.children = trie.children;
    this.failure = failureLinks(trie);
    const { earned, pending } = bonuses(trie, this.failure);
    this.earned = earned;
    this.pending = pending;
    this.maxGain = earned.reduce((most, sum, state) => Math.max(most, sum + pending[state]), 0);
  }

  static build(phrases: readonly ContextPhrase[], options: ContextGraphOptions = {}): ContextGraph {
    const trie = emptyTrie();
    const start = options.anchor === undefined ? ROOT : child(trie, ROOT, options.anchor, 0);
    for (const phrase of phrases) insert(trie, start, phrase);
    return new ContextGraph(trie, start);
  }

  step(state: number, token: number): number {
    let from = state;
    for (;;) {
      const to = this.children.get(from, token);
      if (to >= 0) return to;
      if (from === ROOT) return ROOT;
      from = this.failure[from];
    }
  }

  /** What the step from one state to the next adds to the score (negative when a partial match is left). */
  gain(from: number, to: number): number {
    return this.earned[to] + this.pending[to] - this.pending[from];
  }

  /** What the end of the utterance adds: the unfinished part is taken back, completed phrases are kept. */
  finalise(state: number): number {
    return -this.pending[state];
  }
}

/** Nodes are in order of creation, so a parent comes before its children. */
interface Trie {
  children: PairMap;
  parent: number[];
  token: number[];
  /** Tokens of a phrase read so far; the anchor does not count. */
  depth: number[];
  /** Worth of the phrase that ends here, 0 for none. */
  worth: number[];
  /** Largest boost of a phrase that goes on from here, 0 for none. */
  promise: number[];
}

function emptyTrie(): Trie {
  return { children: new PairMap(), parent: [-1], token: [-1], depth: [0], worth: [0], promise: [0] };
}

function child(trie: Trie, node: number, token: number, depth: number): number {
  const found = trie.children.get(node, token);
  if (found >= 0) return found;
  const made = trie.parent.length;
  trie.children.set(node, token, made);
  trie.parent.push(node);
  trie.token.push(token);
  trie.depth.push(depth);
  trie.worth.push(0);
  trie.promise.push(0);
  return made;
}

function insert(trie: Trie, start: number, { tokens, boost }: ContextPhrase): void {
  let node = start;
  for (const token of tokens) {
    trie.promise[node] = Math.max(trie.promise[node], boost);
    node = child(trie, node, token, trie.depth[node] + 1);
  }
  if (tokens.length > 0) trie.worth[node] = Math.max(trie.worth[node], tokens.length * boost);
}

/** Nodes by distance from the root: a failure link always leads to a node that comes earlier. */
function breadthFirst(trie: Trie): Int32Array {
  const level = new Int32Array(trie.parent.length); // [states]
  for (let node = 1; node < level.length; node++) level[node] = level[trie.parent[node]] + 1;
  return Int32Array.from(level.keys()).sort((a, b) => level[a] - level[b]); // [states]
}

function failureLinks(trie: Trie): Int32Array {
  const failure = new Int32Array(trie.parent.length); // [states]
  for (const node of breadthFirst(trie)) {
    const parent = trie.parent[node];
    if (parent <= ROOT) continue; // the root and its children fail to the root
    let from = parent;
    while (from !== ROOT && failure[node] === ROOT) {
      from = failure[from];
      failure[node] = Math.max(trie.children.get(from, trie.token[node]), ROOT);
    }
  }
  return failure;
}

function bonuses(trie: Trie, failure: Int32Array): { earned: Float64Array; pending: Float64Array } {
  const states = trie.parent.length;
  const paid = new Float64Array(states); // [states], by the phrases along the path
  const earned = new Float64Array(states); // [states]
  const pending = new Float64Array(states); // [states]
  for (const node of breadthFirst(trie)) {
    if (node === ROOT) continue;
    const before = paid[trie.parent[node]];
    paid[node] = Math.max(before, trie.worth[node]);
    earned[node] = paid[node] - before + earned[failure[node]];
    pending[node] = Math.max(trie.depth[node] * trie.promise[node] - paid[node], pending[failure[node]]);
  }
  return { earned, pending };
}
