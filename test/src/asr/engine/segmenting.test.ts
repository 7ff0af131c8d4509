import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSpeech, readUtterances } from "../../../../bench/speech.ts";
import { Segmenting } from "../../../../src/asr/engine/segmenting.ts";
import { StageTimer } from "../../../../src/asr/engine/stage-times.ts";
import { collect, Transcriber } from "../../../../src/asr/index.ts";
import { checkSegmentation } from "../../../../src/asr/segments/options.ts";
import type { Segment } from "../../../../src/asr/segments/segmenter.ts";
import { pcmWav } from "../../../support/wav.ts";
import { PACK } from "../golden.ts";

const SEGMENTATION = checkSegmentation({ maxSeconds: 20 });
let speech: Float32Array;

beforeAll(async () => {
  speech = Float32Array.from(makeSpeech(await readUtterances(), 90, 3), (sample) => sample / 32_768);
});

/** The segments of one channel, its chunks given without waiting for one another. */
async function cut(segmenting: Segmenting, samples: Float32Array, chunk: number): Promise<Segment[]> {
  const channel = await segmenting.open(SEGMENTATION);
  const found: Promise<Segment[]>[] = [];
  for (let at = 0; at < samples.length; at += chunk)
    found.push(channel.push(samples.subarray(at, at + chunk)));
  found.push(channel.flush());
  const segments = (await Promise.all(found)).flat();
  channel.close();
  return segments;
}

function digest({ start, samples }: Segment): string {
  return `${start} ${createHash("sha256").update(samples).digest("hex")}`;
}

describe("cutting recordings into segments", () => {
  let here: Segmenting;
  let threads: Segmenting;
  const times = new StageTimer();
  beforeAll(() => {
    here = new Segmenting(0, new StageTimer());
    threads = new Segmenting(2, times);
  });
  afterAll(() => Promise.all([here.close(), threads.close()]));

  it("gives the same in worker threads as on this one, of several recordings at a time", async () => {
    const recordings = [speech, speech.subarray(100_000), speech.subarray(0, 300_000)];
    const expected = await Promise.all(recordings.map((samples) => cut(here, samples, 16_000)));
    expect(expected[0].length).toBeGreaterThan(10);
    const found = await Promise.all(recordings.map((samples, n) => cut(threads, samples, 7_000 + 9_000 * n)));
    expect(found.map((segments) => segments.map(digest))).toEqual(
      expected.map((segments) => segments.map(digest)),
    );
    expect(times.read().segment).toBeGreaterThan(0);
  });

  it("leaves the samples to whoever gave them", async () => {
    const before = digest({ start: 0, samples: speech });
    await cut(threads, speech, 32_000);
    expect(digest({ start: 0, samples: speech })).toBe(before);
  });

  it("ends with an error where the threads have ended", async () => {
    const closed = new Segmenting(1, new StageTimer());
    const channel = await closed.open(SEGMENTATION);
    await closed.close();
    await expect(channel.push(speech)).rejects.toMatchObject({ code: "engine_stopped" });
    channel.close();
  });
});

it("a transcript is the same with threads that look for speech, both channels of a call in it", async () => {
  const transcribers = await Promise.all(
    [0, 2].map((segmentThreads) => Transcriber.load(PACK, { device: "cpu", sessions: 1, segmentThreads })),
  );
  const call = pcmWav([speech.subarray(0, 320_000), speech.subarray(320_000, 640_000)]);
  const textsOf = async (transcriber: Transcriber) =>
    (await collect(transcriber.transcribe(call, { channels: "split" })))
      .map(({ channel, start, end, text }) => ({ channel, start, end, text }))
      .sort((a, b) => Number(a.channel) - Number(b.channel));
  try {
    const [expected, found] = await Promise.all(transcribers.map(textsOf));
    expect(new Set(expected.map(({ channel }) => channel)).size).toBe(2);
    expect(found).toEqual(expected);
  } finally {
    await Promise.all(transcribers.map((transcriber) => transcriber.close()));
  }
});
