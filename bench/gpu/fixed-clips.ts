import type { Device, Precision } from "../../src/asr/index.ts";
import { graphsFor, type PackGraphs, type PackManifest, PLAIN_GRAPHS } from "../../src/asr/pack/manifest.ts";
import { makeSpeech, readUtterances } from "../speech.ts";

/** The graphs that compute on a device in a precision. */
export function graphsOf(manifest: PackManifest, device: Device, precision: Precision): PackGraphs {
  return precision === "half" || device === "cpu" ? graphsFor(manifest, device) : PLAIN_GRAPHS;
}

/** Speech of the fixtures, of one length: [count][seconds · 16,000]. */
export async function makeClips(count: number, seconds: number): Promise<Float32Array[]> {
  const spoken = await readUtterances();
  return Array.from({ length: count }, (_, seed) => {
    const samples = makeSpeech(spoken, seconds, seed + 1);
    const clip = new Float32Array(samples.length);
    // By Float32Array.from, 256 clips took more time than the card's work with them.
    for (let index = 0; index < clip.length; index++) clip[index] = samples[index] / 32_768;
    return clip;
  });
}
