import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { CONDITION_NAMES, CONDITIONS, parseConditions } from "../../bench/conditions/conditions.ts";
import { addNoise, pinkNoise, power } from "../../bench/conditions/noise.ts";
import { decode } from "../../bench/decode.ts";
import { toWav } from "../../bench/wav.ts";
import { FIXTURES } from "../src/asr/fixtures.ts";
import { describeWithFfmpeg } from "../support/ffmpeg.ts";

const tone = (samples: number, amplitude: number, hertz = 1000) =>
  Int16Array.from({ length: samples }, (_, at) => amplitude * Math.sin((2 * Math.PI * hertz * at) / 16_000));

/** Mean power of the frequencies from `low` on and below `high`, by a discrete Fourier transform at every 10 Hz. */
function bandPower(samples: ArrayLike<number>, low: number, high: number): number {
  let sum = 0;
  for (let hertz = low; hertz < high; hertz += 10) {
    let real = 0;
    let imaginary = 0;
    for (let at = 0; at < samples.length; at++) {
      const angle = (2 * Math.PI * hertz * at) / 16_000;
      real += samples[at] * Math.cos(angle);
      imaginary += samples[at] * Math.sin(angle);
    }
    sum += (real ** 2 + imaginary ** 2) / samples.length ** 2;
  }
  return sum;
}

describe("noise", () => {
  test("is so many decibels below the speech", () => {
    const speech = tone(160_000, 3000);
    const noisy = addNoise(speech, 10, 1);
    const noise = Int16Array.from(noisy, (sample, at) => sample - speech[at]);
    expect(10 * Math.log10(power(speech) / power(noise))).toBeCloseTo(10, 1);
  });

  test("does not clip: speech at full scale is made quieter with it", () => {
    const noisy = addNoise(tone(16_000, 32_767), 0, 1);
    expect(Math.max(...noisy.map(Math.abs))).toBeLessThanOrEqual(32_767);
    expect(Math.max(...noisy.map(Math.abs))).toBeGreaterThan(32_700);
  });

  test("is the same for the same seed, another for another, and none for silence", () => {
    const speech = tone(1000, 3000);
    expect(addNoise(speech, 10, 5)).toEqual(addNoise(speech, 10, 5));
    expect(addNoise(speech, 10, 5)).not.toEqual(addNoise(speech, 10, 6));
    expect(power(addNoise(new Int16Array(100), 10, 1))).toBe(0);
    expect(addNoise(new Int16Array(0), 10, 1)).toHaveLength(0);
  });

  test("is pink: as much in two low octaves as in two high ones", () => {
    const noise = pinkNoise(8000, 3);
    const [low, high] = [100, 1600].map((from) => 10 * Math.log10(bandPower(noise, from, 4 * from)));
    // White noise would have 12 dB more in the high ones.
    expect(Math.abs(low - high)).toBeLessThan(2);
  });
});

describe("conditions", () => {
  test("are chosen by name, in their own order", () => {
    expect(parseConditions(["noise", "clean"])).toEqual(["clean", "noise"]);
    expect(parseConditions(CONDITION_NAMES)).toEqual(["clean", "telephone", "mp3", "noise"]);
    expect(() => parseConditions(["clean", "rain"])).toThrow(
      "No condition rain: clean, telephone, mp3, noise.",
    );
  });
});

describeWithFfmpeg("conditions that ffmpeg makes", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(["telephone", "mp3", "noise"] as const)(
    "%s: the same file every time, of the same length",
    async (name) => {
      const source = `${FIXTURES}/commands.wav`;
      const condition = CONDITIONS[name];
      const digests = [];
      for (const run of [1, 2]) {
        const output = join(folder, `${name}-${run}.${condition.extension}`);
        await condition.make(source, output, 9);
        digests.push(
          createHash("sha256")
            .update(await readFile(output))
            .digest("hex"),
        );
        const difference = (await decode(output)).length - (await decode(source)).length;
        expect(Math.abs(difference)).toBeLessThan(0.15 * 16_000);
      }
      expect(digests[0]).toBe(digests[1]);
    },
  );

  it("the telephone band is what a telephone lets through", async () => {
    const [source, output] = ["noise.wav", "band.wav"].map((name) => join(folder, name));
    const noise = Int16Array.from(pinkNoise(16_000, 2), (sample) => 3000 * sample);
    await writeFile(source, toWav(noise));
    await CONDITIONS.telephone.make(source, output, 1);
    const heard = await decode(output);
    const kept = (low: number, high: number) => bandPower(heard, low, high) / bandPower(noise, low, high);
    expect(kept(500, 2500)).toBeGreaterThan(0.6);
    expect(kept(50, 150)).toBeLessThan(0.02);
    expect(kept(4200, 7900)).toBeLessThan(0.02);
  });
});
