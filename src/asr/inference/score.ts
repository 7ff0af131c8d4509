import { Tensor } from "onnxruntime-node";
import type { Hypothesis } from "../beam/prefix-beam.ts";
import { packedWidth, packHypotheses } from "../rescoring/rescore.ts";
import type { EncodedBatch } from "./encode.ts";
import { partOf } from "./part.ts";
import type { Sessions } from "./sessions.ts";

/** The n-best of each utterance. */
export type NBests = readonly (readonly Hypothesis[])[];

/** What both decoders say of an utterance's n-best: log-probs of the targets, eos last, 0 at padding. */
export interface DecoderScores {
  l2r: Float32Array; // [N, L]
  r2l: Float32Array; // [N, L]
  width: number; // L
}

/** Score every hypothesis of every utterance of the batch with both decoders. Returns the scores and the time, in ms. */
export async function scoreBatch(
  sessions: Sessions,
  batch: EncodedBatch,
  nbests: NBests,
  ids: { sosId: number; eosId: number },
): Promise<{ scores: DecoderScores[]; decoderMs: number }> {
  const scores: DecoderScores[] = [];
  let decoderMs = 0;
  const elements = (part: NBests) => {
    const rows = mostHypotheses(part);
    return part.length * rows * widestHypothesis(part) * Math.max(batch.vocabularySize, rows);
  };
  for (const [from, to] of decoderCalls(nbests, elements, sessions.decoderElements)) {
    const feeds = decoderFeeds(batch, nbests, from, to, ids);
    const started = performance.now();
    const { l2r_log_probs: l2r, r2l_log_probs: r2l } = await sessions.decoder.run(feeds);
    decoderMs += performance.now() - started;
    const [, rows, width] = l2r.dims;
    for (let index = 0; index < to - from; index++) {
      const range = [index * rows * width, (index + 1) * rows * width] as const;
      scores.push({
        l2r: (l2r.data as Float32Array).subarray(...range),
        r2l: (r2l.data as Float32Array).subarray(...range),
        width,
      });
    }
  }
  return { scores, decoderMs };
}

/** Runs of utterances, in order, of as many as keep `elements` within the limit, at least one. */
export function* decoderCalls(nbests: NBests, elements: (part: NBests) => number, most: number) {
  let from = 0;
  for (let to = 1; to <= nbests.length; to++) {
    if (to === nbests.length || elements(nbests.slice(from, to + 1)) > most) {
      yield [from, to] as const;
      from = to;
    }
  }
}

function decoderFeeds(
  batch: EncodedBatch,
  nbests: NBests,
  from: number,
  to: number,
  { sosId, eosId }: { sosId: number; eosId: number },
): Record<string, Tensor> {
  const count = to - from;
  const part = nbests.slice(from, to);
  const rows = mostHypotheses(part);
  const width = widestHypothesis(part);
  const hyps = new BigInt64Array(count * rows * width); // [b, N, L]
  const lens = new Int32Array(count * rows); // [b, N]
  for (const [index, nbest] of part.entries()) {
    packHypotheses(nbest, rows, width, sosId, eosId, {
      hyps: hyps.subarray(index * rows * width, (index + 1) * rows * width),
      lens: lens.subarray(index * rows, (index + 1) * rows),
    });
  }
  return {
    ...encoderFeeds(batch, from, to),
    hyps: new Tensor("int64", hyps, [count, rows, width]),
    hyps_lens: new Tensor("int32", lens, [count, rows]),
  };
}

/** The encoder's output for some utterances of the batch, as every decoder takes it. */
export function encoderFeeds(batch: EncodedBatch, from: number, to: number): Record<string, Tensor> {
  const { maxFrames, dimension } = batch;
  const perUtterance = maxFrames * dimension;
  const range = [from * perUtterance, to * perUtterance] as const;
  return {
    encoder_out: partOf(batch.encoderOut, range, [to - from, maxFrames, dimension]),
    encoder_out_lens: new Tensor("int32", batch.frames.slice(from, to), [to - from]),
  };
}

function mostHypotheses(nbests: NBests): number {
  return Math.max(...nbests.map((nbest) => nbest.length));
}

export function widestHypothesis(nbests: NBests): number {
  return Math.max(...nbests.map(packedWidth));
}
