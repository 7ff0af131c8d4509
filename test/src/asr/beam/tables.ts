/** Tables of log-probs for the tests: random ones from a seed, and the best tokens of each frame. */
import { seededRandom } from "../../../../bench/random.ts";
import type { FrameCandidates } from "../../../../src/asr/beam/prefix-beam.ts";

export interface Table {
  logProbs: Float32Array; // [frames, vocab]
  frames: number;
  vocab: number;
}

export function tableOf(
  rows: readonly (readonly number[])[],
  scale: (p: number) => number = Math.log,
): Table {
  const vocab = rows[0]?.length ?? 0;
  return { logProbs: Float32Array.from(rows.flat(), scale), frames: rows.length, vocab };
}

/** Softmax of uniform noise: the larger the spread, the peakier the frames. */
export function randomTable(seed: number, frames: number, vocab: number, spread: number): Table {
  const random = seededRandom(seed);
  const rows = Array.from({ length: frames }, () => {
    const logits = Array.from({ length: vocab }, () => random() * spread);
    const sum = Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0));
    return logits.map((logit) => logit - sum);
  });
  return tableOf(rows, (logProb) => logProb);
}

export function bestOf({ logProbs, frames, vocab }: Table, k: number): FrameCandidates {
  const candidates = {
    ...{ logProbs: new Float32Array(frames * k), tokens: new Int32Array(frames * k), frames, k },
  };
  for (let frame = 0; frame < frames; frame++) {
    const row = logProbs.subarray(frame * vocab, (frame + 1) * vocab);
    const ids = [...row.keys()].sort((a, b) => row[b] - row[a]).slice(0, k);
    candidates.tokens.set(ids, frame * k);
    for (const [rank, id] of ids.entries()) candidates.logProbs[frame * k + rank] = row[id];
  }
  return candidates;
}

/** Every path of tokens through the frames, with its log-prob. */
export function* allPaths({
  logProbs,
  frames,
  vocab,
}: Table): Generator<{ path: number[]; logProb: number }> {
  const path = new Array<number>(frames).fill(0);
  for (;;) {
    const logProb = path.reduce((sum, token, frame) => sum + logProbs[frame * vocab + token], 0);
    yield { path: [...path], logProb };
    let at = frames - 1;
    while (at >= 0 && path[at] === vocab - 1) path[at--] = 0;
    if (at < 0) return;
    path[at]++;
  }
}

/** The runs of non-blank tokens of a path: CTC's reading of it. */
export function runsOf(
  path: readonly number[],
  blank: number,
): { token: number; from: number; to: number }[] {
  const runs: { token: number; from: number; to: number }[] = [];
  for (const [frame, token] of path.entries()) {
    if (token === blank) continue;
    if (frame > 0 && path[frame - 1] === token) runs[runs.length - 1].to = frame + 1;
    else runs.push({ token, from: frame, to: frame + 1 });
  }
  return runs;
}

/** First frame of the run at which its token is most probable. */
export function peakOf({ logProbs, vocab }: Table, run: { token: number; from: number; to: number }): number {
  let peak = run.from;
  for (let frame = run.from; frame < run.to; frame++) {
    if (logProbs[frame * vocab + run.token] > logProbs[peak * vocab + run.token]) peak = frame;
  }
  return peak;
}
