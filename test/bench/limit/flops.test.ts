import { describe, expect, it } from "vitest";
import { BUNDLED_PACK } from "../../../bench/engine.ts";
import {
  decoderFlops,
  encoderFlops,
  encoderFrames,
  featureFrames,
  total,
} from "../../../bench/limit/flops.ts";
import { type Shapes, shapesOf } from "../../../bench/limit/shapes.ts";
import { readManifest } from "../../../bench/plan.ts";

/** Small enough for a hand. */
const SHAPES: Shapes = {
  bins: 11,
  channels: 2,
  size: 4,
  heads: 2,
  blocks: 3,
  kernel: 5,
  hidden: 6,
  decoderHidden: 7,
  leftBlocks: 2,
  rightBlocks: 1,
  vocabulary: 10,
  experts: 0,
  activeExperts: 1,
  parameters: 1000,
};
/** 11 feature frames, 5 after the first convolution, 2 after the second. */
const TWO_FRAMES = 400 + 10 * 160;

describe("frames", () => {
  it.each([
    [399, 0, 0],
    [400, 1, 0],
    [1359, 6, 0],
    [1360, 7, 1],
    [TWO_FRAMES, 11, 2],
    [16_000, 98, 23],
  ])("%i samples are %i feature frames and %i encoder frames", (samples, features, frames) => {
    expect(featureFrames(samples)).toBe(features);
    expect(encoderFrames(samples)).toBe(frames);
  });
});

describe("the arithmetic of an encoder", () => {
  it("is what a hand counts", () => {
    // 11 bins become 5, then 2.
    expect(encoderFlops(SHAPES, [TWO_FRAMES])).toEqual({
      subsampling: 2 * (9 * 2 * 5 * 5 + 9 * 2 * 2 * 2 * 2 + 2 * 2 * 4 * 2),
      attention: 2 * 3 * (4 * 16 * 2 + 3 * 4 * 4 + 16 * 2),
      convolution: 2 * 3 * (3 * 16 * 2 + 5 * 4 * 2),
      feedForward: 2 * 3 * (2 * 2 * 4 * 6 * 2),
      ctc: 2 * (4 * 10 * 2),
    });
  });

  it("sends every token through k experts and a router", () => {
    const moe = { ...SHAPES, experts: 8, activeExperts: 2 };
    const { feedForward, ...others } = encoderFlops(moe, [TWO_FRAMES]);
    expect(feedForward).toBe(2 * 3 * 2 * (2 * 2 * 4 * 6 + 8 * 4) * 2);
    expect(others).toEqual(expect.objectContaining({ ctc: encoderFlops(SHAPES, [TWO_FRAMES]).ctc }));
  });

  it("projects the positions once for all utterances", () => {
    const one = total(encoderFlops(SHAPES, [TWO_FRAMES]));
    const positions = 2 * 3 * 16 * 2;
    expect(total(encoderFlops(SHAPES, [TWO_FRAMES, TWO_FRAMES]))).toBe(2 * one - positions);
  });

  it("is nothing for nothing", () => {
    expect(total(encoderFlops(SHAPES, []))).toBe(0);
  });
});

describe("the arithmetic of the decoders", () => {
  it("is what a hand counts", () => {
    // Two hypotheses, of 1 and 2 tokens, behind sos; three blocks, two output layers.
    const layer = (length: number) => (6 * 16 + 2 * 4 * length + 2 * 4 * 2 + 2 * 4 * 7) * length;
    const macs = 3 * (2 * 16 * 2 + layer(2) + layer(3)) + 2 * 4 * 10 * (2 + 3);
    expect(decoderFlops(SHAPES, TWO_FRAMES, [1, 2])).toBe(2 * macs);
  });

  it("is that of the left-to-right decoder where there is no other", () => {
    const left = { ...SHAPES, leftBlocks: 3, rightBlocks: 0 };
    const output = 2 * 4 * 10 * 2;
    expect(decoderFlops(SHAPES, TWO_FRAMES, [1]) - decoderFlops(left, TWO_FRAMES, [1])).toBe(output);
  });
});

it("counts the weights of the bundled pack to the last one", async () => {
  const manifest = await readManifest(BUNDLED_PACK);
  const shapes = shapesOf(manifest);
  const { size, blocks, hidden, experts, activeExperts: k, vocabulary, channels } = shapes;
  const weights = (flops: number) => flops / 2;
  // One frame meets every weight of a linear layer once, and its own score four times.
  const frame = encoderFlops(shapes, [1360]);
  const encoder =
    weights(frame.attention + frame.convolution + frame.feedForward + frame.ctc) - 4 * size * blocks;
  const embed = 9 * channels + 9 * channels ** 2 + channels * 20 * size;
  const decoderBlocks = shapes.leftBlocks + shapes.rightBlocks;
  const experted = k * 2 * size * hidden + size * experts;
  const decoders = decoderBlocks * (8 * size ** 2 + experted) + 2 * size * vocabulary;
  // An empty hypothesis of an utterance of one frame: one token, which looks at itself and at the frame.
  expect(weights(decoderFlops(shapes, 1360, [0]))).toBe(decoders + decoderBlocks * 4 * size);

  const expertBiases = k * (hidden + size);
  // Attention, its two position biases, convolution module (which has no norm), the block's norms.
  const biases = blocks * (4 + 2 + 4 + 10) * size + blocks * 2 * expertBiases;
  const rest = 2 * channels + size + 2 * size + vocabulary;
  const decoderRest = decoderBlocks * (8 * size + 6 * size + expertBiases);
  const ends = 2 * (vocabulary * size + 2 * size + vocabulary);
  const counted = encoder + embed + decoders + biases + rest + decoderRest + ends;
  expect(manifest.parameters).toMatchObject({ active: counted });
});
