import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MIN_SAMPLES, type SegmentationOptions } from "../../../../src/asr/segments/options.ts";
import { Segmenter } from "../../../../src/asr/segments/segmenter.ts";
import { FRAME } from "../../../../src/asr/segments/voice-activity.ts";
import {
  concatenate,
  LOUD,
  noise,
  ObviousDetector,
  RATE,
  random,
  room,
  runThrough,
  silence,
} from "./signals.ts";

/** Speech and pauses in turn, each so many seconds, beginning with speech. */
function talk(seconds: readonly number[]): Float32Array {
  return concatenate(seconds.map((s, i) => (i % 2 === 0 ? noise(s, -20) : room(s))));
}

/** From and to of each segment, in seconds. */
function borders(samples: Float32Array, options: Partial<SegmentationOptions>): [number, number][] {
  const segments = runThrough(new Segmenter(new ObviousDetector(), options), samples);
  return segments.map(({ start, samples: own }) => [start / RATE, (start + own.length) / RATE]);
}

const plain = { minSilenceSeconds: 0.3, padSeconds: 0.1, targetSeconds: 0, maxSeconds: 12 };

describe("borders", () => {
  test("a pause as long as asked ends a segment, and each side keeps its padding", () => {
    expect(borders(talk([1, 0.5, 1, 0.28, 1, 1]), plain)).toEqual([
      [0, 1.1],
      [1.4, 3.88],
    ]);
  });

  test("padding never takes more than half of a pause", () => {
    expect(borders(talk([1, 0.4, 1, 1]), { ...plain, padSeconds: 0.3 })).toEqual([
      [0, 1.2],
      [1.2, 2.7],
    ]);
  });

  test("padding ends with the recording", () => {
    expect(borders(concatenate([room(0.05), noise(1, -20), room(0.03)]), plain)).toEqual([[0, 1.08]]);
  });

  test("0.3 s of digital silence is an edit, which joining does not bridge; less of it may be a noise gate", () => {
    const parts = (pause: Float32Array) => concatenate([noise(1, -20), pause, noise(1, -20)]);
    const joining = { ...plain, targetSeconds: 5, joinSeconds: 0.8 };
    expect(borders(parts(silence(0.3)), joining)).toEqual([
      [0, 1.1],
      [1.2, 2.3],
    ]);
    expect(borders(parts(silence(0.28)), joining)).toEqual([[0, 2.28]]);
    expect(borders(parts(room(0.6)), joining)).toEqual([[0, 2.6]]);
  });

  test("of digital silence 0.16 s may be padding, of an edit half of it on either side", () => {
    const parts = (gap: number) => [silence(1), noise(1, -20), silence(gap), noise(1, -20), room(1)];
    expect(borders(concatenate(parts(0.4)), { ...plain, padSeconds: 0.3 })).toEqual([
      [0.84, 2.16],
      [2.24, 3.7],
    ]);
    expect(borders(concatenate(parts(0.3)), { ...plain, padSeconds: 0.3 })).toEqual([
      [0.84, 2.15],
      [2.15, 3.6],
    ]);
  });

  test("a click is dropped and a short word is kept", () => {
    const samples = concatenate([room(1), noise(0.02, -20), room(1), noise(0.1, -20), room(1)]);
    expect(borders(samples, plain)).toEqual([[1.92, 2.22]]);
  });

  test("neighbours are joined up to the target, and parted again at the longest pause when that is passed", () => {
    const options = { ...plain, targetSeconds: 5, joinSeconds: 0.8 };
    expect(borders(talk([1, 0.5, 1, 0.6, 1, 1]), options)).toEqual([[0, 4.2]]);
    expect(borders(talk([1, 0.5, 1, 0.9, 1, 1]), options)).toEqual([
      [0, 2.6],
      [3.3, 4.5],
    ]);
    expect(borders(talk([1, 0.5, 1, 0.6, 2, 1]), options)).toEqual([
      [0, 2.6],
      [3, 5.2],
    ]);
  });
});

describe("speech that runs on", () => {
  test("is cut at the quietest place of the second half, where the segments abut", () => {
    const samples = concatenate([
      noise(4, -20),
      noise(0.2, -40),
      noise(3, -20),
      noise(0.2, -50),
      noise(7, -20),
    ]);
    expect(borders(samples, { ...plain, maxSeconds: 10 })).toEqual([
      [0, 7.3],
      [7.3, 14.4],
    ]);
  });

  test("prefers the longer of two pauses", () => {
    const samples = talk([6.5, 0.06, 1, 0.2, 1, 0.06, 5]);
    expect(borders(samples, { ...plain, maxSeconds: 10 })[0]).toEqual([0, 7.66]);
  });

  test("leaves no rest that is too short to be recognised", () => {
    for (const seconds of [11.89, 11.9, 11.91, 11.99, 12, 12.01, 12.1]) {
      const found = borders(noise(seconds, -20), plain);
      expect(found.at(-1)?.[1]).toBeCloseTo(seconds, 6);
      for (const [from, to] of found) expect((to - from) * RATE).toBeGreaterThanOrEqual(MIN_SAMPLES);
    }
  });
});

test("the rest of speech that was cut is kept, however short", () => {
  const samples = concatenate([noise(11.7, -20), noise(0.12, -50), noise(0.3, -20), room(1)]);
  const found = borders(samples, { ...plain, minSpeechSeconds: 1 });
  expect(found).toHaveLength(2);
  expect(found[1]).toEqual([11.76, 12.22]);
});

describe("whatever the recording", () => {
  const kinds = {
    speech: (s: number, seed: number) => noise(3 * s, -20, random(seed)),
    room: (s: number) => room(s),
    muted: (s: number) => silence(s),
  };
  const stretch = fc.tuple(
    fc.double({ min: 0.001, max: 1, noNaN: true }).map((s) => s * s),
    fc.constantFrom<keyof typeof kinds>("speech", "room", "speech", "muted"),
  );
  const recording = fc
    .array(stretch, { minLength: 1, maxLength: 60 })
    .map((all) => concatenate(all.map(([seconds, kind], i) => kinds[kind](seconds, i))))
    .filter((samples) => samples.length >= MIN_SAMPLES);
  const options = fc.record({
    maxSeconds: fc.constantFrom(2, 3.33, 12),
    minSilenceSeconds: fc.constantFrom(0.2, 0.3, 0.75),
    padSeconds: fc.constantFrom(0, 0.1, 0.25, 0.5),
    minSpeechSeconds: fc.constantFrom(0, 0.05),
    targetSeconds: fc.constantFrom(0, 1.5, 5),
    joinSeconds: fc.constantFrom(0.1, 0.8),
  });

  test("segments are in order, apart, within limits, exact copies, and hold all speech", () => {
    fc.assert(
      fc.property(recording, options, (samples, chosen) => {
        const segments = runThrough(new Segmenter(new ObviousDetector(), chosen), samples);
        const held = new Uint8Array(samples.length);
        let end = 0;
        for (const { start, samples: own } of segments) {
          expect(start).toBeGreaterThanOrEqual(end);
          end = start + own.length;
          expect(end).toBeLessThanOrEqual(samples.length);
          expect(own.length).toBeGreaterThanOrEqual(MIN_SAMPLES);
          expect(own.length).toBeLessThanOrEqual(Math.floor(chosen.maxSeconds * RATE));
          expect(Buffer.compare(bytes(own), bytes(samples.slice(start, end)))).toBe(0);
          held.fill(1, start, end);
        }
        if (chosen.minSpeechSeconds === 0)
          expect(samples.findIndex((s, i) => Math.abs(s) > LOUD && !held[i])).toBe(-1);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  test("it does not matter how the samples are divided over calls", () => {
    fc.assert(
      fc.property(recording, options, fc.integer(), (samples, chosen, seed) => {
        const next = random(seed);
        const whole = runThrough(new Segmenter(new ObviousDetector(), chosen), samples, () => samples.length);
        const pieces = runThrough(new Segmenter(new ObviousDetector(), chosen), samples, () =>
          Math.floor(10 ** (4 * next())),
        );
        expect(pieces.map(({ start, samples: own }) => [start, own.length])).toEqual(
          whole.map(({ start, samples: own }) => [start, own.length]),
        );
      }),
      { numRuns: 60, seed: 8 },
    );
  });
});

function bytes(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

describe("the end of a recording", () => {
  test("a recording too short to be recognised gives nothing", () => {
    expect(borders(noise((MIN_SAMPLES - 1) / RATE, -20), plain)).toEqual([]);
    expect(borders(noise(MIN_SAMPLES / RATE, -20), plain)).toEqual([[0, MIN_SAMPLES / RATE]]);
    expect(borders(new Float32Array(0), plain)).toEqual([]);
  });

  test("the last frame may be incomplete", () => {
    const samples = noise((RATE + FRAME / 2) / RATE, -20);
    expect(borders(samples, plain)).toEqual([[0, samples.length / RATE]]);
  });

  test("after it nothing more is taken, and closing twice frees the detector safely", () => {
    const segmenter = new Segmenter(new ObviousDetector(), plain);
    segmenter.push(noise(1, -20));
    expect(segmenter.flush()).toHaveLength(1);
    expect(segmenter.flush()).toEqual([]);
    expect(() => segmenter.push(noise(1, -20))).toThrow(expect.objectContaining({ code: "engine_closed" }));
    segmenter.close();
    segmenter.close();
  });
});
