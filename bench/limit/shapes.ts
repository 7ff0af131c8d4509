import { z } from "zod";
import type { PackManifest } from "../../src/asr/pack/manifest.ts";

/** Sizes of a model, as far as its arithmetic depends on them. */
export interface Shapes {
  bins: number;
  /** Channels of the convolutions that subsample. */
  channels: number;
  /** D, of encoder and decoders. */
  size: number;
  heads: number;
  blocks: number;
  kernel: number;
  /** Attention's position term by distance: a score for each of 2t − 1 distances, not for each of t frames. */
  shift?: boolean | undefined;
  /** A zero beside the lowest and the highest bin, in both convolutions that subsample. */
  padBins?: boolean | undefined;
  /** Width of one feed-forward network, or of one expert. */
  hidden: number;
  decoderHidden: number;
  leftBlocks: number;
  rightBlocks: number;
  vocabulary: number;
  /** 0 where the feed-forward layers are dense. */
  experts: number;
  /** Feed-forward networks a token goes through in each layer: k, or 1. */
  activeExperts: number;
  /** All of them, whether a token uses them or not. */
  parameters: number;
}

const size = z.int().positive();
const schema = z.object({
  feature_dim: size,
  vocabulary: z.object({ size }),
  parameters: z.object({
    total: size,
    experts: z.int().nonnegative().default(0),
    experts_per_token: size.default(1),
  }),
  architecture: z.object({
    d_model: size,
    heads: size,
    encoder_blocks: size,
    kernel: size,
    ffn: size,
    left_decoder_blocks: z.int().nonnegative(),
    right_decoder_blocks: z.int().nonnegative(),
    // Not in every pack: these default to what WeNet's recipes have.
    subsampling_channels: size.optional(),
    decoder_ffn: size.optional(),
    shift: z.boolean().optional(),
    pad_bins: z.boolean().optional(),
  }),
});

/** Read them from model.json. Throws ZodError where the pack does not say what it is made of. */
export function shapesOf(manifest: PackManifest): Shapes {
  const { feature_dim, vocabulary, parameters, architecture } = schema.parse(manifest);
  return {
    bins: feature_dim,
    channels: architecture.subsampling_channels ?? architecture.d_model,
    size: architecture.d_model,
    heads: architecture.heads,
    blocks: architecture.encoder_blocks,
    kernel: architecture.kernel,
    shift: architecture.shift,
    padBins: architecture.pad_bins,
    hidden: architecture.ffn,
    decoderHidden: architecture.decoder_ffn ?? architecture.ffn,
    leftBlocks: architecture.left_decoder_blocks,
    rightBlocks: architecture.right_decoder_blocks,
    vocabulary: vocabulary.size,
    experts: parameters.experts,
    activeExperts: parameters.experts > 0 ? parameters.experts_per_token : 1,
    parameters: parameters.total,
  };
}

/** One line for a report. */
export function describeShapes(shapes: Shapes): string {
  const { size, heads, blocks, hidden, kernel, channels, leftBlocks, rightBlocks, vocabulary } = shapes;
  const experts = shapes.experts > 0 ? `, ${shapes.experts} experts, top ${shapes.activeExperts}` : "";
  return `D ${size}, ${heads} heads, ${blocks} blocks, FFN ${hidden}${experts}, kernel ${kernel}, ${channels} channels, decoders ${leftBlocks} + ${rightBlocks}, ${vocabulary} tokens`;
}
