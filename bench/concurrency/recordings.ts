import { seededRandom } from "../random.ts";
import { makeSpeech, readUtterances } from "../speech.ts";
import { toWav } from "../wav.ts";

export interface Lengths {
  recordings: number;
  /** Seconds. */
  median: number;
  shortest: number;
  longest: number;
  seed: number;
}

/** Spread of log(seconds): with the default median, one in ten recordings is under 13 s and one in ten over 4.7 minutes. */
const SIGMA = 1.2;

/** Lengths as people's recordings have them: log-normal, cut off at both ends (Box and Muller's transform). */
export function drawLengths({ recordings, median, shortest, longest, seed }: Lengths): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: recordings }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.min(longest, Math.max(shortest, median * Math.exp(SIGMA * normal)));
  });
}

/** WAVs of these lengths, each with utterances in an order of its own. */
export async function makeRecordings(lengths: readonly number[], seed: number): Promise<Buffer[]> {
  const utterances = await readUtterances();
  return lengths.map((seconds, index) => toWav(makeSpeech(utterances, seconds, seed + index)));
}
