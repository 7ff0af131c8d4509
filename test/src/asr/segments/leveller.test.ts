import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinFloats } from "../../../../bench/wav.ts";
import { Leveller } from "../../../../src/asr/segments/leveller.ts";
import { noise, rms, sameSamples, tone } from "../../../support/tones.ts";

const times = (samples: Float32Array, factor: number) => samples.map((sample) => sample * factor);
const decibels = (value: number) => 10 ** (value / 20);

/** Bursts of a tone over faint noise: 200 ms on, 300 ms off, amplitude 0.5. */
function bursts(seconds: number): Float32Array {
  const background = times(noise(seconds * 16_000), 0.001);
  const loud = tone(500, seconds);
  return background.map((sample, i) => sample + (i % 8000 < 3200 ? loud[i]! : 0));
}

function level(samples: Float32Array, pieces: readonly number[] = []): Float32Array {
  const leveller = new Leveller();
  const out: Float32Array[] = [];
  let at = 0;
  for (const length of [...pieces, samples.length]) {
    out.push(...leveller.push(samples.slice(at, at + length)).map((ready) => ready.slice()));
    at += length;
  }
  return joinFloats([...out, ...leveller.flush()]);
}

describe("the leveller", () => {
  it("leaves ordinary recordings as they are, to the bit, quiet passages included", () => {
    const ordinary = bursts(40);
    const paused = joinFloats([ordinary, times(ordinary, decibels(-40)), ordinary]);
    for (const samples of [ordinary, times(ordinary, decibels(-10)), paused, new Float32Array(50_001)]) {
      expect(sameSamples([level(samples)], [samples])).toBe(true);
    }
  });

  it("raises quiet speech, and gives the same for any gain", () => {
    const [faint, fainter] = [decibels(-30), decibels(-54)].map((gain) => level(times(bursts(30), gain)));
    expect(rms(faint!)).toBeGreaterThan(4 * rms(times(bursts(30), decibels(-30))));
    const difference = faint!.map((sample, i) => sample - fainter![i]!);
    expect(rms(difference) / rms(faint!)).toBeLessThan(1e-5);
  });

  it("lowers what goes beyond full scale instead of clipping it", () => {
    const loud = times(bursts(15), decibels(18));
    const levelled = level(loud);
    expect(levelled.every((sample) => Math.abs(sample) <= 1)).toBe(true);
    const gain = levelled[100]! / loud[100]!;
    expect(gain).toBeLessThan(0.3);
    expect(rms(levelled.map((sample, i) => sample - gain * loud[i]!))).toBeLessThan(0.02);
  });

  it("raises neither steady noise, nor hum, nor an offset, nor a click", () => {
    const still = times(noise(320_000), decibels(-70));
    const hum = tone(50, 20).map((sample, i) => sample * decibels(-50) + still[i]!);
    const offset = still.map((sample) => sample + 0.01);
    const click = still.slice();
    click[100_000] = 0.3;
    for (const samples of [still, hum, offset, click]) {
      expect(sameSamples([level(samples)], [samples])).toBe(true);
    }
  });

  it("gives as many samples as it takes, the same however they are divided", () => {
    const samples = times(bursts(3), decibels(-40)).subarray(0, 45_678);
    const whole = level(samples);
    expect(whole.length).toBe(samples.length);
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 6 }), (pieces) => {
        expect(sameSamples([level(samples, pieces)], [whole])).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
