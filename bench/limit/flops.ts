/**
 * The arithmetic that a model's shapes ask for, in floating-point operations: two for each multiply-accumulate of a matrix
 * product or convolution. Norms, activations, softmax, biases and masks are left out (under 1 % at paper scale), and so is
 * padding: it is work that a perfect engine would not do. With T feature frames, t encoder frames, D model size, H width
 * of a feed-forward network, k networks a token goes through, E experts, C channels, V tokens:
 *
 *     subsampling   9·C·⌊(T−1)/2⌋·⌊(bins−1)/2⌋ + 9·C²·t·f + C·f·D·t       f = bins after two strides of two
 *     each block    4·D²·t        query, key, value, output
 *                   3·D·t²        content and position scores, weighted values; 4·D·t² where positions are distances
 *                   (3·D² + kernel·D)·t                                   convolution module
 *                   2·(2·D·H·k + D·E)·t                                   two feed-forward layers and their routers
 *                   D²·t_max      relative positions: the same for all, so once, for the longest utterance; 2·t_max − 1 distances
 *     CTC head      D·V·t
 *
 * and for an utterance's N hypotheses of lᵢ = tokens + 1 in each decoder:
 *
 *     each block    2·D²·t        keys and values of the encoder's output, shared by all hypotheses
 *                   Σ (6·D² + 2·D·lᵢ + 2·D·t + 2·D·H·k + D·E)·lᵢ          self- and cross-attention, feed-forward
 *     output        Σ D·V·lᵢ
 */
import type { Shapes } from "./shapes.ts";

const FLOPS_PER_MAC = 2;

/** By part, in FLOPs. */
export interface EncoderFlops {
  subsampling: number;
  attention: number;
  convolution: number;
  feedForward: number;
  ctc: number;
}

/** Feature frames of so many samples: windows of 25 ms every 10 ms. */
export function featureFrames(samples: number): number {
  return samples < 400 ? 0 : 1 + Math.floor((samples - 400) / 160);
}

/** What two convolutions of width 3 and stride 2 leave of a length. */
function halved(length: number): number {
  return Math.max(0, Math.floor((length - 1) / 2));
}

export function encoderFrames(samples: number): number {
  return halved(halved(featureFrames(samples)));
}

/** Utterances of so many samples each, once through the encoder. */
export function encoderFlops(shapes: Shapes, lengths: readonly number[]): EncoderFlops {
  const { bins, channels, size, blocks, kernel, vocabulary, shift, padBins } = shapes;
  const beside = padBins ? 2 : 0;
  const bins1 = halved(bins + beside);
  const bins2 = halved(bins1 + beside);
  const macs: EncoderFlops = { subsampling: 0, attention: 0, convolution: 0, feedForward: 0, ctc: 0 };
  let longest = 0;
  for (const samples of lengths) {
    const frames = encoderFrames(samples);
    longest = Math.max(longest, frames);
    const first = 9 * channels * halved(featureFrames(samples)) * bins1;
    const second = 9 * channels ** 2 * frames * bins2;
    macs.subsampling += first + second + channels * bins2 * size * frames;
    macs.attention += blocks * (4 * size ** 2 * frames + (shift ? 4 : 3) * size * frames ** 2);
    macs.convolution += blocks * (3 * size ** 2 + kernel * size) * frames;
    macs.feedForward += blocks * 2 * feedForward(shapes, shapes.hidden) * frames;
    macs.ctc += size * vocabulary * frames;
  }
  macs.attention += blocks * size ** 2 * (shift ? Math.max(0, 2 * longest - 1) : longest);
  for (const part of Object.keys(macs) as (keyof EncoderFlops)[]) macs[part] *= FLOPS_PER_MAC;
  return macs;
}

/** One utterance's hypotheses, of so many tokens each, once through both decoders. */
export function decoderFlops(shapes: Shapes, samples: number, hypotheses: readonly number[]): number {
  const { size, leftBlocks, rightBlocks, vocabulary, decoderHidden } = shapes;
  const frames = encoderFrames(samples);
  const decoders = rightBlocks > 0 ? 2 : 1;
  let block = 2 * size ** 2 * frames;
  let output = 0;
  for (const tokens of hypotheses) {
    const length = tokens + 1; // sos
    const attention = 6 * size ** 2 + 2 * size * length + 2 * size * frames;
    block += (attention + feedForward(shapes, decoderHidden)) * length;
    output += size * vocabulary * length;
  }
  return FLOPS_PER_MAC * ((leftBlocks + rightBlocks) * block + decoders * output);
}

export function total(flops: EncoderFlops): number {
  return Object.values(flops).reduce((sum: number, part: number) => sum + part, 0);
}

/** Multiply-accumulates of one token in one feed-forward layer. */
function feedForward({ size, experts, activeExperts }: Shapes, hidden: number): number {
  return 2 * size * hidden * activeExperts + size * experts;
}
