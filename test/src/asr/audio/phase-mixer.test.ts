import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinFloats } from "../../../../bench/wav.ts";
import { mixWeights } from "../../../../src/asr/audio/mix.ts";
import { PhaseMixer } from "../../../../src/asr/audio/phase-mixer.ts";
import { readAudio } from "../../../support/read-audio.ts";
import { noise, rms, sameSamples, shareAt, tone } from "../../../support/tones.ts";
import { pcmWav } from "../../../support/wav.ts";

const EQUAL = [0.5, 0.5];

/** Mix it in pieces of these lengths, the last one as long as there is sound. */
function mix(channels: readonly Float32Array[], weights = EQUAL, pieces: number[] = []): Float32Array {
  const mixer = new PhaseMixer(weights);
  const out: Float32Array[] = [];
  let at = 0;
  for (const length of [...pieces, Number.POSITIVE_INFINITY]) {
    const end = Math.min(at + length, channels[0]!.length);
    out.push(mixer.push(channels.map((samples) => samples.subarray(at, end))).slice());
    at = end;
  }
  return joinFloats([...out, mixer.flush()]);
}

const times = (samples: Float32Array, factor: number) => samples.map((sample) => sample * factor);
const plus = (left: Float32Array, right: Float32Array) => left.map((sample, i) => sample + right[i]!);

/** Energy of the difference in dB relative to the first. */
function errorOf(samples: Float32Array, other: Float32Array): number {
  return 20 * Math.log10(rms(plus(samples, times(other, -1))) / rms(samples) + 1e-12);
}

describe("a mix", () => {
  it("is the mean, to the bit, of channels that are not opposed", () => {
    const [left, right] = [noise(40_000, 1), noise(40_000, 2)].map((samples) => times(samples, 0.5));
    const pairs = [
      [left!, right!],
      [left!, left!],
      [left!, new Float32Array(40_000)],
      [tone(300, 2.5), tone(1700, 2.5)],
    ];
    for (const [one, other] of pairs) {
      const mean = one!.map((sample, i) => (sample + other![i]!) / 2);
      expect(sameSamples([mix([one!, other!])], [mean])).toBe(true);
    }
  });

  it("keeps what is the same in opposite phase, and what a swapped cable makes of one channel of five", async () => {
    const speech = await commands();
    expect(errorOf(speech, mix([speech, times(speech, -1)]))).toBeLessThan(-30);
    expect(errorOf(speech, times(mix([speech, times(speech, -0.7)]), 1 / 0.85))).toBeLessThan(-30);
    const five = [speech, speech, times(speech, -1), speech, speech];
    expect(errorOf(speech, mix(five, mixWeights(5, null)))).toBeLessThan(-30);
  });

  it("keeps one speaker of two who is out of phase, in turn and at the same time", async () => {
    const [first, second] = [await commands(), await dialogue()].map((samples) => samples.slice(0, 80_000));
    const silence = new Float32Array(80_000);
    const [one, other] = [joinFloats([first!, silence]), joinFloats([silence, second!])];
    const inTurn = mix([plus(one, other), plus(one, times(other, -1))]);
    expect(errorOf(one.slice(0, 79_000), inTurn)).toBeLessThan(-20);
    expect(errorOf(other.slice(81_000), inTurn.slice(81_000))).toBeLessThan(-20);
    const [low, high] = [tone(440, 3), tone(1300, 3)];
    const together = mix([plus(low, high), plus(low, times(high, -1))]).subarray(8000, 40_000);
    expect(shareAt(440, together)).toBeCloseTo(0.5, 1);
    expect(shareAt(1300, together)).toBeCloseTo(0.5, 1);
  });

  it("keeps a faint voice out of phase beside a loud one in phase, and between channels of unlike loudness", async () => {
    const [low, faint] = [tone(440, 3), times(tone(1300, 3), 0.2)];
    const beside = mix([plus(low, faint), plus(low, times(faint, -1))]).subarray(8000, 40_000);
    expect(shareAt(1300, beside)).toBeCloseTo(0.04 / 1.04, 2);
    const speech = await commands();
    const unlike = mix([speech, times(speech, -0.5)]);
    expect(errorOf(speech, times(unlike, 1 / 0.75))).toBeLessThan(-30);
  });

  it("is as long as what was mixed, and the same however it was divided", () => {
    const samples = noise(3000);
    const channels = [samples, times(samples, -1)];
    const whole = mix(channels);
    expect(whole.length).toBe(3000);
    fc.assert(
      fc.property(fc.array(fc.nat(900), { maxLength: 8 }), (pieces) => {
        expect(sameSamples([mix(channels, EQUAL, pieces)], [whole])).toBe(true);
      }),
      { numRuns: 50 },
    );
    for (const length of [0, 1, 255, 256, 257]) {
      expect(mix(channels.map((channel) => channel.subarray(0, length))).length).toBe(length);
    }
  });

  it("weighs the channels of a film as broadcasters do, and others alike", () => {
    const [left, right, centre, effects, ...surround] = mixWeights(6, "5.1(side)");
    expect(left).toBe(right);
    expect(centre! / left!).toBeCloseTo(Math.SQRT2, 6);
    expect(effects).toBe(0);
    expect(surround).toEqual([centre! / 2, centre! / 2]);
    expect(mixWeights(6, "hexagonal")).toEqual(Array(6).fill(1 / 6));
    expect(mixWeights(12, null)).toEqual(Array(12).fill(1 / 12));
  });
});

it("a WAV whose channels are opposed is heard", async () => {
  const speech = await commands();
  const { channels, facts } = await readAudio(pcmWav([speech, times(speech, -1)]));
  expect(facts.channels).toBe(2);
  expect(errorOf(speech, channels[0]!)).toBeLessThan(-30);
});

async function commands(): Promise<Float32Array> {
  return (await readAudio(await readFile("test/fixtures/commands.wav"))).channels[0]!;
}

async function dialogue(): Promise<Float32Array> {
  return (await readAudio(await readFile("test/fixtures/dialogue.wav"))).channels[0]!;
}
