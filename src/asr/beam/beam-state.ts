/** The flat storage of the prefix beam search: one frame's beam, the tree of prefixes, the chains of peak times. */
import { PairMap } from "./pair-map.ts";

/** The prefixes kept after a frame, best first. All scores are natural logarithms. */
export class Beam {
  size = 0;
  readonly node: Int32Array; // [beam] the prefix
  readonly s: Float64Array; // [beam] ending in blank
  readonly ns: Float64Array; // [beam] ending in the last token
  readonly vs: Float64Array; // [beam] best single alignment ending in blank
  readonly vns: Float64Array; // [beam] best single alignment ending in the last token
  readonly cur: Float64Array; // [beam] log-prob of the last token at its peak in vns' alignment
  readonly timesS: Int32Array; // [beam] chain of peaks of vs' alignment
  readonly timesNs: Int32Array; // [beam] chain of peaks of vns' alignment
  readonly score: Float64Array; // [beam] logAdd(s, ns)
  readonly vit: Float64Array; // [beam] max(vs, vns)
  readonly times: Int32Array; // [beam] chain of peaks of vit's alignment

  constructor(capacity: number) {
    this.node = new Int32Array(capacity);
    this.s = new Float64Array(capacity);
    this.ns = new Float64Array(capacity);
    this.vs = new Float64Array(capacity);
    this.vns = new Float64Array(capacity);
    this.cur = new Float64Array(capacity);
    this.timesS = new Int32Array(capacity);
    this.timesNs = new Int32Array(capacity);
    this.score = new Float64Array(capacity);
    this.vit = new Float64Array(capacity);
    this.times = new Int32Array(capacity);
  }
}

/** What one frame may lead to: first the prefixes of the beam as they go on, then the new ones. */
export class Slots {
  readonly s: Float64Array; // [slots]
  readonly ns: Float64Array; // [slots]
  readonly vs: Float64Array; // [slots]
  readonly vns: Float64Array; // [slots]
  readonly cur: Float64Array; // [slots]
  readonly score: Float64Array; // [slots] without context
  readonly chain: Int32Array; // [slots] of vns' alignment: the chain itself, or the one to append this frame to
  readonly append: Uint8Array; // [slots] 1 to append
  readonly parent: Int32Array; // [slots] new prefixes: place of the parent in the beam
  readonly token: Int32Array; // [slots] new prefixes: the token added
  readonly state: Int32Array; // [slots] new prefixes: state in the context graph
  readonly history: Uint32Array; // [slots] new prefixes: state in the language model
  readonly context: Float64Array; // [slots] new prefixes: bonus so far

  constructor(capacity: number) {
    this.s = new Float64Array(capacity);
    this.ns = new Float64Array(capacity);
    this.vs = new Float64Array(capacity);
    this.vns = new Float64Array(capacity);
    this.cur = new Float64Array(capacity);
    this.score = new Float64Array(capacity);
    this.chain = new Int32Array(capacity);
    this.append = new Uint8Array(capacity);
    this.parent = new Int32Array(capacity);
    this.token = new Int32Array(capacity);
    this.state = new Int32Array(capacity);
    this.history = new Uint32Array(capacity);
    this.context = new Float64Array(capacity);
  }
}

/** Every prefix that was ever kept, as a tree. A prefix that drops out and comes back gets its old node. */
export class PrefixTree {
  parent = new Int32Array(0); // [nodes]
  token = new Int32Array(0); // [nodes]
  depth = new Int32Array(0); // [nodes]
  state = new Int32Array(0); // [nodes] in the context graph
  history = new Uint32Array(0); // [nodes] in the language model
  context = new Float64Array(0); // [nodes] bonus of the prefix
  /** Where the prefix stands in the beam now, −1 where it does not. */
  place = new Int32Array(0); // [nodes]
  private count = 0;
  private readonly known = new PairMap();

  /** Forget all but the empty prefix, node 0. `nodes` bounds how many will be made. */
  reset(nodes: number, startState: number, startHistory: number): void {
    if (this.parent.length < nodes || this.parent.length > 4 * nodes + 65_536) {
      this.parent = new Int32Array(nodes);
      this.token = new Int32Array(nodes);
      this.depth = new Int32Array(nodes);
      this.state = new Int32Array(nodes);
      this.history = new Uint32Array(nodes);
      this.context = new Float64Array(nodes);
      this.place = new Int32Array(nodes);
    }
    this.known.clear();
    this.parent[0] = -1;
    this.token[0] = -1;
    this.depth[0] = 0;
    this.state[0] = startState;
    this.history[0] = startHistory;
    this.context[0] = 0;
    this.place[0] = -1;
    this.count = 1;
  }

  /** The prefix one token longer, as the slot has it. */
  extend(parent: number, slots: Slots, slot: number): number {
    const token = slots.token[slot];
    const old = this.known.get(parent, token);
    if (old >= 0) return old;
    const node = this.count++;
    this.known.set(parent, token, node);
    this.parent[node] = parent;
    this.token[node] = token;
    this.depth[node] = this.depth[parent] + 1;
    this.state[node] = slots.state[slot];
    this.history[node] = slots.history[slot];
    this.context[node] = slots.context[slot];
    this.place[node] = -1;
    return node;
  }

  tokensOf(node: number): Int32Array {
    const tokens = new Int32Array(this.depth[node]); // [depth]
    let at = node;
    for (let i = tokens.length - 1; i >= 0; i--) {
      tokens[i] = this.token[at];
      at = this.parent[at];
    }
    return tokens;
  }
}

/** Lists of frames that share their beginnings: a cell is a frame and the cell before it, −1 is the empty list. */
export class TimeChains {
  private frame = new Int32Array(0); // [cells]
  private before = new Int32Array(0); // [cells]
  private count = 0;

  reset(cells: number): void {
    if (this.frame.length < cells || this.frame.length > 4 * cells + 65_536) {
      this.frame = new Int32Array(cells);
      this.before = new Int32Array(cells);
    }
    this.count = 0;
  }

  append(chain: number, frame: number): number {
    this.frame[this.count] = frame;
    this.before[this.count] = chain;
    return this.count++;
  }

  withoutLast(chain: number): number {
    return this.before[chain];
  }

  framesOf(chain: number, length: number): Int32Array {
    const frames = new Int32Array(length); // [length]
    let at = chain;
    for (let i = length - 1; i >= 0; i--) {
      frames[i] = this.frame[at];
      at = this.before[at];
    }
    return frames;
  }
}
