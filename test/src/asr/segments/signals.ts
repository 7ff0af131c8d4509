import { readFileSync } from "node:fs";
import { seededRandom as random } from "../../../../bench/random.ts";
import { joinFloats as concatenate } from "../../../../bench/wav.ts";
import type { SegmentationOptions } from "../../../../src/asr/segments/options.ts";
import type { Segment } from "../../../../src/asr/segments/segmenter.ts";
import { Segmenter } from "../../../../src/asr/segments/segmenter.ts";
import { FRAME, type SpeechDetector } from "../../../../src/asr/segments/voice-activity.ts";

export { concatenate, random };

export const RATE = 16_000;
const golden = new URL("../../../../models/u2pp-moe-en-41m/golden/", import.meta.url);

/** A canonical PCM16 WAV of the model pack, as samples in [−1, 1]. */
function readWav(name: string): Float32Array {
  const bytes = readFileSync(new URL(name, golden));
  return Float32Array.from(
    { length: (bytes.length - 44) / 2 },
    (_, i) => bytes.readInt16LE(44 + 2 * i) / 32768,
  );
}

/** Three synthetic voices saying a few words each. */
export const voices = ["2-awb.wav", "2-kal16.wav", "8-slt.wav"].map(readWav);

export function amplitude(decibels: number): number {
  return 10 ** (decibels / 20);
}

export function energy(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}

/** White noise of so many dBFS RMS. */
export function noise(seconds: number, decibels: number, next = random(1)): Float32Array {
  const peak = amplitude(decibels) * Math.sqrt(3);
  return Float32Array.from({ length: Math.round(seconds * RATE) }, () => peak * (2 * next() - 1));
}

export function tone(seconds: number, hertz: number, decibels: number): Float32Array {
  const peak = amplitude(decibels) * Math.SQRT2;
  const step = (2 * Math.PI * hertz) / RATE;
  return Float32Array.from({ length: Math.round(seconds * RATE) }, (_, i) => peak * Math.sin(step * i));
}

export function silence(seconds: number): Float32Array {
  return new Float32Array(Math.round(seconds * RATE));
}

/** `speech` brought to so many dBFS RMS, with `background` added where given. */
export function atLevel(speech: Float32Array, decibels: number, background?: Float32Array): Float32Array {
  const gain = amplitude(decibels) / Math.sqrt(energy(speech) / speech.length);
  return speech.map((sample, i) => gain * sample + (background?.[i] ?? 0));
}

/** A recording of utterances and where each lies in it. */
export interface Joined {
  samples: Float32Array;
  spans: { from: number; to: number }[];
}

/** So many of the voices in turn, with a gap of 0.1–3 s before each and one after the last. */
export function joined(count: number, next: () => number): Joined {
  const parts: Float32Array[] = [];
  const spans: Joined["spans"] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const gap = silence(0.1 + 2.9 * next());
    const voice = voices[i % voices.length];
    parts.push(gap, voice);
    spans.push({ from: at + gap.length, to: at + gap.length + voice.length });
    at += gap.length + voice.length;
  }
  parts.push(silence(1));
  return { samples: concatenate(parts), spans };
}

/** The quiet of a room, which `ObviousDetector` does not take for speech. */
export function room(seconds: number): Float32Array {
  return noise(seconds, -70);
}

/** Samples beyond this are speech to `ObviousDetector`. */
export const LOUD = amplitude(-60);

/** Hears speech in every frame with a sample above −60 dBFS: the truth is in the hands of the test. */
export class ObviousDetector implements SpeechDetector {
  level = -120;
  freed = 0;
  process(samples: Float32Array, at: number): boolean {
    const frame = samples.subarray(at, at + FRAME);
    this.level = 10 * Math.log10(energy(frame) / frame.length + 1e-12);
    return frame.some((sample) => Math.abs(sample) > LOUD);
  }
  reset(): void {}
  free(): void {
    this.freed += 1;
  }
}

/** Push all in pieces of the sizes that `size` gives, and flush. */
export function runThrough(segmenter: Segmenter, samples: Float32Array, size = () => 65_536): Segment[] {
  const segments: Segment[] = [];
  for (let at = 0; at < samples.length; ) {
    const next = Math.min(samples.length, at + size());
    segments.push(...segmenter.push(samples.subarray(at, next)));
    at = next;
  }
  segments.push(...segmenter.flush());
  segmenter.close();
  return segments;
}

/** The segments that the real detector finds. */
export async function segmentsOf(
  samples: Float32Array,
  options: Partial<SegmentationOptions> = {},
): Promise<Segment[]> {
  return runThrough(await Segmenter.create(options), samples);
}

/** The share of the energy of samples `from` to `to` that lies within segments. */
export function covered(
  samples: Float32Array,
  from: number,
  to: number,
  segments: readonly Segment[],
): number {
  let inside = 0;
  for (const { start, samples: own } of segments) {
    const low = Math.max(from, start);
    const high = Math.min(to, start + own.length);
    if (low < high) inside += energy(samples.subarray(low, high));
  }
  return inside / energy(samples.subarray(from, to));
}
