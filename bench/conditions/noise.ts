import { seededRandom } from "../random.ts";

/** Sections of Paul Kellet's filter from white noise to pink: feedback and gain of each. */
const SECTIONS = [
  [0.998_86, 0.055_517_9],
  [0.993_32, 0.075_075_9],
  [0.969, 0.153_852],
  [0.866_5, 0.310_485_6],
  [0.55, 0.532_952_2],
  [-0.7616, -0.016_898],
] as const;
const DIRECT = 0.5362;
const DELAYED = 0.115_926;

/** Noise of as much power in every octave, like that of rooms and streets (Paul Kellet's filter, within 0.05 dB of −3 dB per octave above 9 Hz at 44.1 kHz). */
export function pinkNoise(samples: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const noise = new Float64Array(samples);
  const state = SECTIONS.map(() => 0);
  let delayed = 0;
  for (let at = 0; at < samples; at++) {
    const white = 2 * random() - 1;
    let sum = DIRECT * white + delayed;
    for (const [section, [feedback, gain]] of SECTIONS.entries()) {
      state[section] = feedback * state[section] + gain * white;
      sum += state[section];
    }
    delayed = DELAYED * white;
    noise[at] = sum;
  }
  return noise;
}

/**
 * Speech with noise so many dB below it, by the mean power of both over the whole recording; made quieter as a whole where it
 * would clip. Silence stays silence.
 */
export function addNoise(speech: Int16Array, decibels: number, seed: number): Int16Array {
  const noise = pinkNoise(speech.length, seed);
  const gain = Math.sqrt(power(speech) / Math.max(power(noise), Number.MIN_VALUE)) * 10 ** (-decibels / 20);
  const mixed = Float64Array.from(speech, (sample, at) => sample + gain * noise[at]);
  const peak = mixed.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const scale = Math.min(1, 32_767 / Math.max(peak, 1));
  return Int16Array.from(mixed, (sample) => Math.round(sample * scale));
}

export function power(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at++) sum += samples[at] ** 2;
  return samples.length === 0 ? 0 : sum / samples.length;
}
