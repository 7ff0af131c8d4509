import { expect, test } from "vitest";
import { Peaks } from "../../../../src/asr/audio/peaks.ts";
import { SAMPLE_RATE } from "../../../../src/asr/audio/types.ts";

const STEP = SAMPLE_RATE / 20;

/** Pushes samples in chunks of this length. */
function peaksOf(channels: Float32Array[], chunk: number): number[] {
  const peaks = new Peaks();
  for (let at = 0; at < channels[0].length; at += chunk)
    peaks.push(channels.map((samples) => samples.subarray(at, at + chunk)));
  return peaks.values();
}

/** Each stretch has one sample that is not silent. */
const stretches = (levels: readonly number[]) =>
  Float32Array.from({ length: levels.length * STEP }, (_, at) =>
    at % STEP === 7 ? levels[Math.floor(at / STEP)] : 0,
  );

test("are the largest samples of a twentieth of a second each, in percent, above full scale too", () => {
  expect(peaksOf([stretches([0, 0.25, -0.5, 1, -2])], STEP)).toEqual([0, 25, 50, 100, 100]);
});

test("do not depend on how the samples come", () => {
  const samples = Float32Array.from({ length: 5 * STEP + 13 }, (_, at) => Math.sin(at * at) * (at / 9000));
  const whole = peaksOf([samples], samples.length);
  expect(whole).toHaveLength(6);
  for (const chunk of [1, 7, STEP - 1, STEP, STEP + 1]) expect(peaksOf([samples], chunk)).toEqual(whole);
});

test("are those of the louder channel", () => {
  expect(peaksOf([stretches([0.1, 0.6]), stretches([0.4, 0.2])], 333)).toEqual([40, 60]);
});

test("of ten hours are a thousand at most, few kilobytes, and lose no loud moment", () => {
  const peaks = new Peaks();
  const chunk = new Float32Array(4 * SAMPLE_RATE);
  const chunks = (10 * 3600) / 4;
  for (let at = 0; at < chunks; at++) {
    chunk[0] = at === chunks - 2 ? 0.9 : 0.1;
    peaks.push([chunk]);
  }
  const values = peaks.values();
  expect(values.length).toBeGreaterThanOrEqual(500);
  expect(values.length).toBeLessThanOrEqual(1000);
  expect(Math.max(...values)).toBe(90);
  expect(values.indexOf(90) / values.length).toBeGreaterThan(0.99);
  expect(JSON.stringify(values).length).toBeLessThan(5000);
});

test("of nothing are none", () => {
  expect(new Peaks().values()).toEqual([]);
});
