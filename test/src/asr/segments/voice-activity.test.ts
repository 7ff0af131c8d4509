import { describe, expect, test } from "vitest";
import { FRAME, VoiceActivity } from "../../../../src/asr/segments/voice-activity.ts";
import {
  atLevel,
  concatenate,
  covered,
  joined,
  noise,
  RATE,
  random,
  segmentsOf,
  silence,
  tone,
  voices,
} from "./signals.ts";

describe("no segments for", () => {
  test.each([
    ["digital silence", silence(20)],
    ["a constant offset", new Float32Array(20 * RATE).fill(0.2)],
    ["faint hum of 50 Hz", tone(20, 50, -65)],
    ["faint hum of 120 Hz", tone(20, 120, -65)],
    ["faint noise", noise(20, -65)],
    ["samples that are not numbers", new Float32Array(5 * RATE).fill(Number.NaN)],
  ])("%s", async (_, samples) => {
    expect(await segmentsOf(samples)).toEqual([]);
  });

  test("clicks of 1 ms", async () => {
    const samples = noise(20, -80);
    for (let at = RATE; at < samples.length - 16; at += RATE) samples.set(noise(0.001, -6, random(at)), at);
    expect(await segmentsOf(samples)).toEqual([]);
  });
});

const noise10 = noise(10, -80);

test("thuds are not speech, though they are far above the background", async () => {
  const thuds = tone(10, 25, -40).map((sample, i) =>
    i % RATE < 0.4 * RATE ? Math.sin((Math.PI * i) / (0.4 * RATE)) ** 2 * sample : 0,
  );
  expect((await segmentsOf(thuds.map((sample, i) => sample + noise10[i]))).length).toBeLessThan(2);
});

test("a steady noise is background after at most a second and a half", async () => {
  const segments = await segmentsOf(noise(30, -40));
  for (const { start, samples } of segments) expect(start + samples.length).toBeLessThan(1.5 * RATE);
});

describe("speech joined with gaps of 0.1–3 s is all in segments", () => {
  const { samples, spans } = joined(20, random(3));
  test.each([
    ["at −20 dBFS", -20, null, 0.9999],
    ["at −40 dBFS", -40, null, 0.999],
    ["over noise at 10 dB", -26, -36, 0.97],
    ["at −40 dBFS over noise at 10 dB", -40, -50, 0.97],
  ])("%s", async (_, level, background, share) => {
    const heard = atLevel(
      samples,
      level,
      background === null ? undefined : noise(samples.length / RATE, background),
    );
    const segments = await segmentsOf(heard);
    for (const { from, to } of spans) expect(covered(samples, from, to, segments)).toBeGreaterThan(share);
    expect(segments.length).toBeGreaterThan(spans.length / 2);
  });
});

test("half an hour without a pause is cut within the limit and nothing is lost", async () => {
  const dense = concatenate(voices.map((voice) => trimmed(voice)));
  const times = Math.ceil((1800 * RATE) / dense.length);
  const { Segmenter } = await import("../../../../src/asr/segments/segmenter.ts");
  const segmenter = await Segmenter.create({ maxSeconds: 12, minSilenceSeconds: 1 });
  let end = -1;
  let count = 0;
  const check = (segments: ReturnType<typeof segmenter.push>): void => {
    for (const { start, samples } of segments) {
      if (end >= 0) expect(start).toBe(end);
      end = start + samples.length;
      count += 1;
      expect(samples.length).toBeLessThanOrEqual(12 * RATE);
    }
  };
  for (let i = 0; i < times; i++) check(segmenter.push(dense));
  check(segmenter.flush());
  segmenter.close();
  expect(end).toBeGreaterThan(times * dense.length - 0.1 * RATE);
  expect(count).toBeGreaterThanOrEqual(150);
});

/** Without the quiet at both ends. */
function trimmed(samples: Float32Array): Float32Array {
  const loud = (sample: number): boolean => Math.abs(sample) > 0.02;
  return samples.subarray(samples.findIndex(loud), samples.findLastIndex(loud) + 1);
}

test("detectors can be reset, and many can be made and freed", async () => {
  const hear = (detector: VoiceActivity): boolean[] => {
    const heard: boolean[] = [];
    for (let at = 0; at + FRAME <= voices[0].length; at += FRAME) {
      heard.push(detector.process(voices[0], at));
    }
    return heard;
  };
  const first = await VoiceActivity.create(1);
  const heard = hear(first);
  first.reset();
  expect(hear(first)).toEqual(heard);
  for (let i = 0; i < 2000; i++) {
    const detector = await VoiceActivity.create(1);
    detector.process(silence(0.01), 0);
    detector.free();
    detector.free();
  }
  expect(hear(await VoiceActivity.create(1))).toEqual(heard);
});
