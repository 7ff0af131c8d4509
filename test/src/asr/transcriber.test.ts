import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ErrorRate } from "../../../bench/metrics/error-rate.ts";
import { seededRandom } from "../../../bench/random.ts";
import { joinSamples, toWav } from "../../../bench/wav.ts";
import { collect, EngineError, type Progress, RecordingError, Transcriber } from "../../../src/asr/index.ts";
import { wavFile } from "../../support/wav.ts";
import { FIXTURES, fixtureUtterances } from "./fixtures.ts";
import { PACK, readSamples } from "./golden.ts";

let transcriber: Transcriber;
beforeAll(async () => {
  transcriber = await Transcriber.load(PACK, { device: "cpu" });
});
afterAll(() => transcriber.close());

const commands = `${FIXTURES}/commands.wav`;
const dialogue = `${FIXTURES}/dialogue.wav`;
const pcm = async (path: string) => Int16Array.from(await readSamples(path), (sample) => sample * 32768);
const silence = (seconds: number) => new Int16Array(seconds * 16_000);

async function textOf(source: string | Uint8Array, options = {}): Promise<string> {
  const segments = await collect(transcriber.transcribe(source, options));
  return segments.map(({ verbatimText }) => verbatimText).join(" ");
}

describe("transcribing a recording", () => {
  it("gives segments in order, with text, times and confidence, and the facts of the audio", async () => {
    const transcription = transcriber.transcribe(commands);
    const segments = [];
    for await (const segment of transcription) segments.push(segment);
    expect(segments.map(({ verbatimText }) => verbatimText)).toEqual([
      "ENTER NINE ONE SEVEN",
      "ERASE FOUR FIVE SIX",
      "FIVE FIVE FIVE ONE TWO THREE FOUR",
      "GO",
    ]);
    for (const [index, { start, end, confidence }] of segments.entries()) {
      expect(end).toBeGreaterThan(start);
      expect(start).toBeGreaterThanOrEqual(segments[index - 1]?.end ?? 0);
      expect(confidence).toBeGreaterThan(0.3);
      expect(confidence).toBeLessThanOrEqual(1);
    }
    expect(transcription.audio).toMatchObject({ sampleRate: 16_000, channels: 1, codec: "pcm_s16le" });
    expect(transcription.audio.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(segments.at(-1)?.end).toBeLessThanOrEqual(transcription.audio.duration);
    expect(transcription.warnings).toEqual([]);
    expect(transcription.timing.inferMs).toBeGreaterThan(0);
  });

  it.each([-60, -46, -30, -15, 0, 6, 12])("reads the same at a peak of %d dBFS", async (decibels) => {
    const original = await readSamples(commands);
    const peak = original.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const scaled = original.map((sample) => (sample / peak) * 10 ** (decibels / 20));
    const floats = Buffer.from(scaled.buffer, scaled.byteOffset, scaled.byteLength);
    const wav = wavFile(floats, 1, { tag: 3, bitsPerSample: 32 });
    expect(await textOf(wav)).toBe(await textOf(commands));
  });

  it("takes a path, bytes and a stream alike", async () => {
    const bytes = await readFile(commands);
    const stream = (await import("node:fs")).createReadStream(commands);
    const expected = await textOf(commands);
    expect(await textOf(bytes)).toBe(expected);
    const streamed = await collect(transcriber.transcribe(stream));
    expect(streamed.map(({ verbatimText }) => verbatimText).join(" ")).toBe(expected);
  });

  it("transcribes each channel by itself when they are split, and says which", async () => {
    const segments = await collect(transcriber.transcribe(dialogue, { channels: "split" }));
    expect(segments.map(({ channel, verbatimText }) => [channel, verbatimText])).toEqual([
      [0, "ONE TWO THREE FOUR FIVE"],
      [1, "SIX SEVEN EIGHT NINE TEN"],
      [0, "YES"],
    ]);
  });

  it("transcribes a part alone, with the times and facts of all of it", async () => {
    const whole = await collect(transcriber.transcribe(commands));
    const [, second, third, last] = whole;
    const [start, end] = [(whole[0].end + second.start) / 2, (third.end + last.start) / 2];
    const progress: Progress[] = [];
    const part = transcriber.transcribe(commands, { start, end, onProgress: (one) => progress.push(one) });
    const segments = await collect(part);
    expect(segments.map(({ text }) => text)).toEqual([second.text, third.text]);
    expect(segments[0].start).toBeCloseTo(second.start, 1);
    expect(segments[1].end).toBeCloseTo(third.end, 1);
    expect(segments[0].words[0].start).toBeCloseTo(second.words[0].start, 1);
    const all = transcriber.transcribe(commands);
    await collect(all);
    expect(part.audio).toEqual(all.audio);
    expect(progress.at(-1)).toEqual({ done: end, total: end });
    expect(progress.every(({ done }) => done >= start)).toBe(true);
  });

  it("takes an end after the recording's for its end, and refuses a start after it", async () => {
    const whole = await textOf(commands);
    expect(await textOf(commands, { end: 1000 })).toBe(whole);
    const late = collect(transcriber.transcribe(commands, { start: 1000 }));
    await expect(late).rejects.toMatchObject({
      code: "too_short",
      message: expect.stringContaining("1000 s"),
    });
    expect(() => transcriber.transcribe(commands, { start: 2, end: 1 })).toThrow(EngineError);
  });

  it("gives no text on silence", async () => {
    expect(await collect(transcriber.transcribe(toWav(silence(3))))).toEqual([]);
  });

  it("gives every word a time, in order, without overlap, inside its segment", async () => {
    for (const { verbatimText, words, start, end } of await collect(transcriber.transcribe(commands))) {
      expect(words.map(({ word }) => word).join(" ")).toBe(verbatimText);
      let previous = start;
      for (const word of words) {
        expect(word.start).toBeGreaterThanOrEqual(previous - 1e-9);
        expect(word.end).toBeGreaterThan(word.start);
        previous = word.end;
      }
      expect(previous).toBeLessThanOrEqual(end + 1e-9);
    }
  });

  it("loses and doubles no words at borders: joined with gaps of 0.1 to 3 s as alone", async () => {
    const utterances = await fixtureUtterances();
    const random = seededRandom(7);
    const gap = () => silence(0.1 + 2.9 * random());
    const parts: Int16Array[] = [];
    const alone = new ErrorRate();
    for (const { path, transcript } of utterances) {
      alone.add(transcript, await textOf(path));
      parts.push(await pcm(path), gap());
    }
    const joined = new ErrorRate();
    joined.add(
      utterances.map(({ transcript }) => transcript).join(" "),
      await textOf(toWav(joinSamples(parts))),
    );
    expect(joined.wer).toBeLessThanOrEqual(alone.wer + 0.003);
  });

  it("reads letters, dates and larger numbers by six voices, many recordings at once, but for two synthetic spellers' O G H", async () => {
    const utterances = [
      ...(await fixtureUtterances()),
      ...(await fixtureUtterances(`${FIXTURES}/vocabulary`)),
    ];
    const together = await Promise.all(utterances.map(({ path }) => textOf(path)));
    const wrong = utterances.filter(({ transcript }, at) => transcript !== together[at]);
    const names = wrong.map(({ path }) => basename(path));
    expect(["espeak-en-us-letters-ogh.wav", "kal16-letters-ogh.wav"]).toEqual(expect.arrayContaining(names));
  });

  it("reports progress in seconds, never backwards, ending at the whole", async () => {
    const seen: Progress[] = [];
    const transcription = transcriber.transcribe(commands, { onProgress: (progress) => seen.push(progress) });
    await collect(transcription);
    for (const [index, { done }] of seen.entries())
      expect(done).toBeGreaterThanOrEqual(seen[index - 1]?.done ?? 0);
    const { duration } = transcription.audio;
    expect(seen.at(-1)).toEqual({ done: duration, total: duration });
  });
});

describe("options of a transcription", () => {
  it("alternatives: the n-best as heard, without repetitions, the segment's own words first", async () => {
    const [first] = await collect(transcriber.transcribe(commands, { alternatives: 5 }));
    const texts = first.alternatives?.map(({ text }) => text) ?? [];
    expect(texts[0]).toBe(first.verbatimText);
    expect(texts.length).toBeGreaterThan(1);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it("hotwords: a phrase that the model nearly hears is chosen, and one that it cannot spell is named", async () => {
    const plain = await textOf(commands, { ctcWeight: 1 });
    const hotwords = [{ phrase: "ENTER NINETY ONE", boost: 10 }, { phrase: "ÇA VA" }];
    const transcription = transcriber.transcribe(commands, { hotwords, ctcWeight: 1 });
    const boosted = (await collect(transcription)).map(({ verbatimText }) => verbatimText).join(" ");
    expect(plain).toContain("ENTER NINE ONE");
    expect(boosted).toContain("ENTER NINETY ONE");
    expect(transcription.warnings).toMatchObject([{ code: "hotword_skipped" }]);
  });

  it("a beam wider than the graph's own candidates works", async () => {
    expect(await textOf(commands, { beam: 25 })).toBe(await textOf(commands));
  });

  it.each([
    [{ beam: 0 }, "beam"],
    [{ beam: 1.5 }, "beam"],
    [{ alternatives: 11 }, "alternatives"],
    [{ beam: 3, alternatives: 5 }, "beam of at least 5"],
    [{ ctcWeight: -1 }, "ctcWeight"],
    [{ reverseWeight: 1.1 }, "reverseWeight"],
    [{ segmentation: { padSeconds: -1 } }, "padSeconds"],
    [{ hotwords: [{ phrase: "GO", boost: 99 }] }, "boost"],
  ])("refuses %j at once, naming it", (options, expected) => {
    expect(() => transcriber.transcribe(commands, options)).toThrow(EngineError);
    expect(() => transcriber.transcribe(commands, options)).toThrow(expected);
  });

  it("limits: a recording over the allowed length is too long", async () => {
    const failing = collect(transcriber.transcribe(commands, { limits: { maxSeconds: 5 } }));
    await expect(failing).rejects.toMatchObject({ code: "too_long" });
  });
});

describe("ending early", () => {
  it("an aborted signal rejects with its reason and leaves the engine usable", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    const transcription = transcriber.transcribe(commands, {
      signal: abort.signal,
      onProgress: () => abort.abort(reason),
    });
    await expect(collect(transcription)).rejects.toBe(reason);
    expect(await textOf(commands)).toContain("ENTER");
  });

  it("a signal aborted beforehand stops it before anything is read", async () => {
    const signal = AbortSignal.abort(new Error("never"));
    await expect(collect(transcriber.transcribe(commands, { signal }))).rejects.toThrow("never");
  });

  it("leaving the loop stops the work", async () => {
    for await (const segment of transcriber.transcribe(commands)) {
      expect(segment.verbatimText).toBe("ENTER NINE ONE SEVEN");
      break;
    }
    expect(await textOf(commands)).toContain("GO");
  });

  it("a bad recording fails by itself while others go on", async () => {
    const [bad, good] = await Promise.allSettled([textOf(`${FIXTURES}/nowhere.wav`), textOf(commands)]);
    expect(bad).toMatchObject({ status: "rejected", reason: expect.any(RecordingError) });
    expect(bad).toMatchObject({ reason: { code: "not_found" } });
    expect(good.status).toBe("fulfilled");
  });

  it("a closed transcriber refuses work and can be closed again", async () => {
    const other = await Transcriber.load(PACK, { device: "cpu", sessions: 1 });
    await other.close();
    await other.close();
    await expect(collect(other.transcribe(commands))).rejects.toMatchObject({ code: "engine_closed" });
  });

  it("writes streams and bytes where it is told to", async () => {
    const temporaryFolder = "/no/such/folder";
    const other = await Transcriber.load(PACK, { device: "cpu", sessions: 1, temporaryFolder });
    const working = collect(other.transcribe(await readFile(commands)));
    await expect(working).rejects.toThrow("could not be written to a temporary file");
    await other.close();
  });

  it("closing in the middle fails what is waiting and returns", async () => {
    const other = await Transcriber.load(PACK, { device: "cpu", sessions: 1, batchUtterances: 1 });
    const long = toWav(
      joinSamples(
        Array.from({ length: 30 }, () => [new Int16Array(8000)])
          .flat()
          .concat(await pcm(commands)),
      ),
    );
    const working = collect(other.transcribe(long));
    const closing = other.close();
    await expect(working).rejects.toMatchObject({ code: "engine_closed" });
    await closing;
  });
});
