/**
 * What a batch takes of a card's memory, in bytes for each second of its audio: the sum of the largest tensors that are
 * there at one time, and of what an arena leaves unused between them. An estimate on the safe side: it decides how much
 * audio is put into a batch, not whether the model runs.
 */
import { z } from "zod";
import type { PackManifest } from "../pack/manifest.ts";

const size = z.int().positive();
const architectureSchema = z.object({
  architecture: z.object({ d_model: size, heads: size, ffn: size, subsampling_channels: size.optional() }),
  parameters: z.object({ experts_per_token: size.default(1) }).optional(),
});

/** Of packs that do not tell what they are made of: a base-sized conformer. */
const UNKNOWN = { d_model: 768, heads: 12, ffn: 3072, subsampling_channels: undefined };
/** Framed samples and spectra of the frontend, in 32 bits. */
const FRONTEND_BYTES = 1_000_000;
const UNUSED = 1.5;
const FLOAT = 4;
/** onnxruntime's element-wise kernels for CUDA count elements in 32 bits, with a sign. */
const MOST_TENSOR_ELEMENTS = 2 ** 31 - 1;

/** `bytesPerNumber`: 2 where the graphs compute in 16-bit floats, else 4. */
export function batchBytesPerSecond(manifest: PackManifest, bytesPerNumber: number): number {
  const { data } = architectureSchema.safeParse(manifest);
  const { d_model, heads, ffn } = data?.architecture ?? UNKNOWN;
  const frames = 1000 / manifest.frame_shift_ms / manifest.subsampling; // a second
  // And its copy.
  const subsampling = 2 * widestElements(manifest) * bytesPerNumber;
  const longest = frames * manifest.segmentation.max_seconds;
  const scores = 3 * heads * frames * longest * bytesPerNumber;
  const feedForward = 3 * frames * ffn * (data?.parameters?.experts_per_token ?? 1) * bytesPerNumber;
  const rows = 8 * frames * d_model * FLOAT;
  const logProbs = 3 * frames * manifest.vocabulary.size * FLOAT;
  return UNUSED * (FRONTEND_BYTES + subsampling + scores + feedForward + rows + logProbs);
}

/** Audio in a batch, padding included, whose largest tensor in the encoder still has fewer than 2³¹ elements. */
export function mostBatchSeconds(manifest: PackManifest): number {
  return Math.floor(MOST_TENSOR_ELEMENTS / widestElements(manifest));
}

/** Elements of the first convolution's output for a second of audio: half the frames, half the bins. */
function widestElements(manifest: PackManifest): number {
  const { data } = architectureSchema.safeParse(manifest);
  const { d_model, subsampling_channels: channels } = data?.architecture ?? UNKNOWN;
  return (1000 / manifest.frame_shift_ms / 2) * (manifest.feature_dim / 2) * (channels ?? d_model);
}
