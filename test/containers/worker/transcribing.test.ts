import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Transcriber } from "../../../src/asr/index.ts";
import { FORMATS } from "../../../src/formats/index.ts";
import { BlobNotFoundError } from "../../../src/jobs/errors.ts";
import type { TranscriptionOptions } from "../../../src/jobs/transcription.ts";
import { PACK } from "../../src/asr/golden.ts";
import { describeWithFfmpeg } from "../../support/ffmpeg.ts";
import { ffmpegOutput } from "../../support/run-ffmpeg.ts";
import { batchOf, dropInInbox, fromSource, upload } from "./give.ts";
import { COMMANDS, commands, type Recording, utterances } from "./recordings.ts";
import { newWorld, settled, startWorker } from "./setting.ts";
import { bodiesOf, messagesIn, OWNER, recordOf, textOfBlob, transcriptOf } from "./world.ts";

let transcriber: Transcriber;
let spoken: Recording[];
beforeAll(async () => {
  transcriber = await Transcriber.load(PACK, { device: "cpu" });
  spoken = await utterances();
});
afterAll(() => transcriber.close());

describe("a worker", () => {
  it("makes the transcript of an upload, in every format that was asked for", async () => {
    const world = await newWorld();
    const { id } = await upload(world, await commands(), {
      webhookUrl: "https://example.com/hook",
      options: { formats: ["srt", "text"] },
      deleteAfterSeconds: 3600,
    });
    startWorker(world.services, transcriber);
    const [record] = await settled(world, [id]);
    const transcript = await transcriptOf(world, id);
    expect(transcript).toMatchObject({
      id,
      verbatim_text: COMMANDS,
      language: "en",
      audio: { codec: "pcm_s16le" },
    });
    expect(transcript.segments[0].words.map(({ word }) => word)).toEqual(["ENTER", "NINE", "ONE", "SEVEN"]);
    expect(await textOfBlob(world, `results/${id}.srt`)).toBe(FORMATS.srt.render(transcript));
    expect(record).toMatchObject({
      state: "completed",
      progress: 1,
      attempts: 1,
      lease: null,
      results: [`results/${id}.json`, `results/${id}.srt`, `results/${id}.txt`],
      model: { name: transcriber.model.name, device: "cpu" },
      audio: { sha256: transcript.audio.sha256, sampleRate: 16_000, channels: 1 },
      webhook: { state: "pending" },
    });
    const dueAt = Date.parse(record.dueAt!) - 3600_000;
    expect(dueAt).toBeGreaterThanOrEqual(Date.parse(record.times.completed!));
    expect(dueAt).toBeLessThanOrEqual(Date.now());
    const waited = Date.parse(record.times.processing!) - Date.parse(record.times.queued!);
    expect(transcript.timing.queued_ms).toBe(waited);
    expect(await bodiesOf(world.services.queues.webhooks)).toEqual([
      JSON.stringify({ subject: "transcription", id, attempt: 0 }),
    ]);
  });

  it("transcribes what is put in an inbox, once however often it is told", async () => {
    const world = await newWorld();
    const event = await dropInInbox(world, "böx/a b+c.wav", spoken[0].bytes);
    await world.services.queues.transcribe.send(event);
    startWorker(world.services, transcriber);
    await vi.waitFor(async () => expect(await messagesIn(world.services.queues.transcribe)).toBe(0), 40_000);
    const { items } = await world.services.store.listTranscriptions({ owner: OWNER, limit: 10 });
    expect(items).toMatchObject([
      { state: "completed", origin: "inbox", fileName: "a b+c.wav", attempts: 1 },
    ]);
    expect((await transcriptOf(world, items[0].id)).verbatim_text).toBe(spoken[0].text);
    expect(items[0].doneKey).toMatch(/^[0-9a-f]{64}$/);
  });

  it("transcribes an object of the owner's, and leaves words out where no times are wanted", async () => {
    const world = await newWorld();
    const id = await fromSource(world, "1987/a.wav", spoken[1].bytes, {
      options: { wordTimestamps: false, alternatives: 3, language: "en-GB" },
    });
    startWorker(world.services, transcriber);
    await settled(world, [id]);
    const { segments, verbatim_text: text, language } = await transcriptOf(world, id);
    expect({ text, language }).toEqual({ text: spoken[1].text, language: "en-GB" });
    expect(segments[0].words).toEqual([]);
    expect(segments[0].alternatives).toHaveLength(3);
  });

  it("writes the text as it was asked to", async () => {
    const world = await newWorld();
    const write = (options: Partial<TranscriptionOptions>) =>
      fromSource(world, "1987/b.wav", spoken[0].bytes, { options });
    const replace = [{ find: "enter", with: "ENTRY" }];
    const ids = [
      await write({ replace }),
      await write({ formatText: false }),
      await write({ formatText: false, numerals: true }),
      await write({ numerals: false }),
    ];
    startWorker(world.services, transcriber);
    await settled(world, ids);
    const transcripts = await Promise.all(ids.map((id) => transcriptOf(world, id)));
    expect(transcripts.map(({ text }) => text.replace(/\.$/, ""))).toEqual([
      "ENTRY 917",
      "ENTER NINE ONE SEVEN",
      "ENTER 917",
      "Enter nine one seven",
    ]);
    for (const { verbatim_text } of transcripts) expect(verbatim_text).toBe("ENTER NINE ONE SEVEN");
  });

  it("counts the items of a batch, and puts their results where the batch wants them", async () => {
    const world = await newWorld();
    const batch = await batchOf(world, {
      "a.wav": spoken[0].bytes,
      "b.wav": "no audio at all",
      "c.wav": spoken[2].bytes,
    });
    startWorker(world.services, transcriber);
    const records = await settled(world, batch.items);
    const seconds = records.reduce((sum, { audio }) => sum + (audio?.duration ?? 0), 0);
    const record = await world.services.store.getBatch(batch.id);
    expect(record).toMatchObject({
      state: "completed",
      counts: { queued: 0, processing: 0, completed: 2, failed: 1 },
    });
    expect(record?.audioSeconds).toBeCloseTo(seconds, 3);
    const result = await textOfBlob(world, `batches/${batch.id}/results/tapes/a.wav.txt`);
    expect(result).toContain("Enter 917");
  });

  it("gives a recording the same text alone and among others", async () => {
    const world = await newWorld();
    startWorker(world.services, transcriber, { concurrency: 8 });
    const ids: string[] = [];
    for (const { bytes } of [...spoken, ...spoken]) ids.push((await upload(world, bytes)).id);
    await settled(world, ids);
    const texts = await Promise.all(ids.map(async (id) => (await transcriptOf(world, id)).verbatim_text));
    expect(texts).toEqual([...spoken, ...spoken].map(({ text }) => text));
  });
});

describe("a bad recording", () => {
  const fails = async (bytes: string | Uint8Array, wishes = {}, limits = {}) => {
    const world = await newWorld({ limits });
    const { id, event } = await upload(world, bytes, wishes);
    startWorker(world.services, transcriber);
    const [record] = await settled(world, [id]);
    await world.services.queues.transcribe.send(event);
    expect((await settled(world, [id]))[0]).toEqual(record);
    expect(record).toMatchObject({ state: "failed", attempts: 1, lease: null, results: [] });
    expect(world.ended).toEqual([`failed ${record.error?.code}`]);
    expect(record.error?.message).toMatch(/^[A-Z].{10,}\.$/);
    return record.error?.code;
  };

  it("fails once, at once, with a code and a sentence", async () => {
    expect(await fails(new Uint8Array())).toBe("no_audio");
    expect(await fails("Dear diary, this is not a recording. ".repeat(100))).toBe("unsupported_media");
    expect(await fails(spoken[0].bytes, {}, { uploadBytes: 1000 })).toBe("too_large");
    expect(await fails(await commands(), {}, { durationSeconds: 2 })).toBe("too_long");
    expect(await fails(spoken[0].bytes.subarray(0, 44 + 200))).toBe("too_short");
  });

  it("fails where the model cannot do what was asked, with a sentence that says so", async () => {
    expect(await fails(spoken[0].bytes, { options: { hotwords: [{ phrase: "GO", boost: 1e9 }] } })).toBe(
      "internal_error",
    );
  });

  it("fails where it is gone by the time it is read", async () => {
    const world = await newWorld();
    const id = await fromSource(world, "a.wav", spoken[0].bytes);
    await world.services.blobs.delete((await recordOf(world, id)).source);
    startWorker(world.services, transcriber);
    const [record] = await settled(world, [id]);
    expect(record).toMatchObject({ state: "failed", attempts: 1, error: { code: "not_found" } });
    expect(record.error?.message).toBe(new BlobNotFoundError("tapes", "a.wav").message);
  });
});

describeWithFfmpeg("a video without sound", () => {
  it("fails as having no audio", async () => {
    const world = await newWorld();
    const video = await ffmpegOutput(
      "-f",
      "lavfi",
      "-i",
      "testsrc=size=64x64:duration=1",
      "-f",
      "matroska",
      "-",
    );
    const { id } = await upload(world, video);
    startWorker(world.services, transcriber);
    expect((await settled(world, [id]))[0]).toMatchObject({ state: "failed", error: { code: "no_audio" } });
  });
});
