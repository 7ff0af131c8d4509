import { SAMPLE_RATE } from "../types.ts";
import { decodeFlac } from "./flac.ts";
import { decodeMp3 } from "./mp3.ts";
import { decodeOpus } from "./opus.ts";
import { Resampler } from "./resampler.ts";
import { expectUsual, type NativeSamples } from "./unusual.ts";

export type ClipCodec = "flac" | "opus" | "mp3";

export interface ClipJob {
  codec: ClipCodec;
  /** Where the sound begins, after tags, in bytes. */
  start: number;
  channels: number;
  /** No more than this is decoded. */
  maxSeconds: number;
}

/** What recorders make. A header can tell any rate, and a filter for it would take memory without bound. */
const RATES = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000];

/** Louder than this by far is no sound but a number read wrongly. False for NaN, too. */
const LOUDEST = 1000;

/**
 * All of a short recording at 16 kHz, one array per channel. Throws Unusual where it is not the plainest of its kind,
 * damaged, cut off or longer than allowed; other errors where a decoder breaks.
 */
export async function decodeWhole(file: Uint8Array, job: ClipJob): Promise<Float32Array[]> {
  const parts: Float32Array[][] = Array.from({ length: job.channels }, () => []);
  let resamplers: Resampler[] | null = null;
  let samples = 0;
  for await (const { sampleRate, channels } of decoded(file, job)) {
    expectUsual(channels.length === job.channels, "another number of channels");
    expectUsual(RATES.includes(sampleRate), "a rate that no recorder has");
    resamplers ??= parts.map(() => new Resampler(sampleRate, SAMPLE_RATE));
    for (const [c, part] of parts.entries()) part.push(resamplers[c]!.push(sane(channels[c]!)));
    samples += parts[0]!.at(-1)!.length;
    expectUsual(samples <= job.maxSeconds * SAMPLE_RATE, "more than a short recording");
  }
  for (const [c, part] of parts.entries()) part.push(resamplers?.[c]?.flush() ?? new Float32Array());
  return parts.map(joined);
}

function decoded(
  file: Uint8Array,
  { codec, start }: ClipJob,
): AsyncIterable<NativeSamples> | Iterable<NativeSamples> {
  if (codec === "flac") return decodeFlac(file, start);
  return codec === "mp3" ? decodeMp3(file, start) : decodeOpus(file.subarray(start));
}

function sane(samples: Float32Array): Float32Array {
  for (let i = 0; i < samples.length; i++) expectUsual(Math.abs(samples[i]!) <= LOUDEST, "no samples");
  return samples;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
