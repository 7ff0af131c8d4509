import { Tensor } from "onnxruntime-node";
import type { FrameCandidates } from "../beam/prefix-beam.ts";
import { release } from "./free.ts";
import type { Sessions } from "./sessions.ts";
import type { SpareMemory } from "./spare-memory.ts";

/** One batch after the encoder: what the search needs, and the tensors that rescoring will read. */
export interface EncodedBatch {
  candidates: FrameCandidates[];
  /** Of 16-bit floats where the graph computes in those. */
  encoderOut: Tensor; // [B, T, D]
  /** Null where they were left on the card: the candidates have to do. */
  ctcLogProbs: Float32Array | null; // [B, T, V]
  /** Encoder frames of each utterance, ≤ T. */
  frames: Int32Array; // [B]
  maxFrames: number;
  dimension: number;
  vocabularySize: number;
  frontendMs: number;
  encoderMs: number;
}

/** All but `ctc_log_probs`, the largest by far: half a gigabyte for 16 minutes of audio and 5,000 tokens. */
const NARROW = ["encoder_out", "encoder_out_lens", "beam_log_probs", "beam_log_probs_idx"];

/**
 * Waveforms → features → encoder output and CTC log-probs, as one batch padded to its longest utterance.
 * `waveforms`: 16 kHz in [-1, 1], each at least the pack's `min_samples` long. `most`: candidates per frame wanted.
 */
export async function encodeBatch(
  sessions: Sessions,
  waveforms: readonly Float32Array[],
  most: number,
): Promise<EncodedBatch> {
  const started = performance.now();
  const { feeds, padded } = waveformFeeds(waveforms, sessions.spare);
  const features = await sessions.frontend.run(feeds);
  sessions.spare.put(padded);
  const middle = performance.now();
  const inputs = { speech: features.features, speech_lengths: features.feature_lens };
  const narrow = sessions.narrowest && most <= sessions.narrowest.candidates ? sessions.narrowest : null;
  const outputs = narrow ? await sessions.encoder.run(inputs, NARROW) : await sessions.encoder.run(inputs);
  release(features.features);
  const ended = performance.now();

  const [, maxFrames, dimension] = outputs.encoder_out.dims;
  const [, , graphK] = outputs.beam_log_probs.dims;
  const vocabularySize = narrow ? narrow.vocabularySize : outputs.ctc_log_probs.dims[2];
  const ctcLogProbs = narrow ? null : (outputs.ctc_log_probs.data as Float32Array);
  const frames = outputs.encoder_out_lens.data as Int32Array;
  const k = Math.min(most, vocabularySize);
  const wide = ctcLogProbs && k > graphK ? { k, ctcLogProbs, vocabularySize } : null;
  return {
    candidates: readCandidates(outputs.beam_log_probs, outputs.beam_log_probs_idx, frames, wide),
    encoderOut: outputs.encoder_out,
    ctcLogProbs,
    frames,
    maxFrames,
    dimension,
    vocabularySize,
    frontendMs: middle - started,
    encoderMs: ended - middle,
  };
}

/** The frontend's inputs: waveforms padded to the longest. `padded` is of `spare`, to be put back after the run. */
export function waveformFeeds(waveforms: readonly Float32Array[], spare: SpareMemory) {
  const batch = waveforms.length;
  const longest = Math.max(...waveforms.map((waveform) => waveform.length));
  const padded = spare.take(batch * longest); // [B, N]
  for (const [index, waveform] of waveforms.entries()) {
    padded.set(waveform, index * longest);
    padded.fill(0, index * longest + waveform.length, (index + 1) * longest);
  }
  const lengths = BigInt64Array.from(waveforms, (waveform) => BigInt(waveform.length)); // [B]
  const feeds = {
    waveform: new Tensor("float32", padded, [batch, longest]),
    waveform_lens: new Tensor("int64", lengths, [batch]),
  };
  return { feeds, padded };
}

interface FullDistribution {
  k: number;
  ctcLogProbs: Float32Array; // [B, T, V]
  vocabularySize: number;
}

/** The graph's own top-K; where `wide` is given, the best `k` of the full distribution. */
function readCandidates(logProbs: Tensor, tokens: Tensor, frames: Int32Array, wide: FullDistribution | null) {
  const [batch, maxFrames, graphK] = logProbs.dims;
  const result: FrameCandidates[] = [];
  for (let index = 0; index < batch; index++) {
    const count = frames[index];
    if (wide) {
      const { k, ctcLogProbs, vocabularySize } = wide;
      const start = index * maxFrames * vocabularySize;
      const rows = ctcLogProbs.subarray(start, start + count * vocabularySize);
      result.push(bestOfEachFrame(rows, count, vocabularySize, k));
    } else {
      const [from, to] = [index * maxFrames * graphK, (index * maxFrames + count) * graphK];
      result.push({
        logProbs: (logProbs.data as Float32Array).slice(from, to), // [frames, K]
        tokens: lowWords(tokens.data as BigInt64Array, from, to), // [frames, K]
        frames: count,
        k: graphK,
      });
    }
  }
  return result;
}

/** Token ids fit in 32 bits; reading the low words spares one BigInt object per candidate. */
function lowWords(values: BigInt64Array, from: number, to: number): Int32Array {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const result = new Int32Array(to - from);
  for (let index = from; index < to; index++) result[index - from] = words[2 * index];
  return result;
}

/** The `k` best tokens of each frame, best first. `rows` [frames, V]. Insertion sort: k is small. */
export function bestOfEachFrame(
  rows: Float32Array,
  frames: number,
  size: number,
  k: number,
): FrameCandidates {
  const logProbs = new Float32Array(frames * k).fill(Number.NEGATIVE_INFINITY); // [frames, k]
  const tokens = new Int32Array(frames * k); // [frames, k]
  for (let frame = 0; frame < frames; frame++) {
    const first = frame * k;
    const last = first + k - 1;
    for (let token = 0; token < size; token++) {
      const value = rows[frame * size + token];
      if (value <= logProbs[last]) continue;
      let slot = last;
      for (; slot > first && logProbs[slot - 1] < value; slot--) {
        logProbs[slot] = logProbs[slot - 1];
        tokens[slot] = tokens[slot - 1];
      }
      logProbs[slot] = value;
      tokens[slot] = token;
    }
  }
  return { logProbs, tokens, frames, k };
}
