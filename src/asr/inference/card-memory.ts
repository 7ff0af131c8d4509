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

/** `bytesPerNumber`: 2 where the graphs compute in 16-bit floats, else 4. */
export function batchBytesPerSecond(manifest: PackManifest, bytesPerNumber: number): number {
  const { data } = architectureSchema.safeParse(manifest);
  const { d_model, heads, ffn, subsampling_channels: channels } = data?.architecture ?? UNKNOWN;
  const featureFrames = 1000 / manifest.frame_shift_ms; // a second
  const frames = featureFrames / manifest.subsampling;
  // The first convolution's output and its copy: half the frames, half the bins.
  const subsampling =
    2 * (featureFrames / 2) * (manifest.feature_dim / 2) * (channels ?? d_model) * bytesPerNumber;
  const longest = frames * manifest.segmentation.max_seconds;
  const scores = 3 * heads * frames * longest * bytesPerNumber;
  const feedForward = 3 * frames * ffn * (data?.parameters?.experts_per_token ?? 1) * bytesPerNumber;
  const rows = 8 * frames * d_model * FLOAT;
  const logProbs = 3 * frames * manifest.vocabulary.size * FLOAT;
  return UNUSED * (FRONTEND_BYTES + subsampling + scores + feedForward + rows + logProbs);
}
