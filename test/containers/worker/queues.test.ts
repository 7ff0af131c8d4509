import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Transcriber } from "../../../src/asr/index.ts";
import { StorageFullError } from "../../../src/jobs/errors.ts";
import { transcribeMessage } from "../../../src/jobs/messages.ts";
import type { BlobStore, Queue } from "../../../src/jobs/ports/index.ts";
import { PACK } from "../../src/asr/golden.ts";
import { ManualClock } from "../../src/local/manual-clock.ts";
import { override } from "../../support/override.ts";
import { batchOf, fromSource, upload } from "./give.ts";
import { haltHalfway } from "./halting.ts";
import { type Recording, utterances } from "./recordings.ts";
import { newWorld, settled, startWorker } from "./setting.ts";
import { messagesIn, OWNER, recordOf, type World } from "./world.ts";

const PATIENTLY = { timeout: 100_000, interval: 5 };

let transcriber: Transcriber;
let spoken: Recording[];
beforeAll(async () => {
  transcriber = await Transcriber.load(PACK, { device: "cpu" });
  spoken = await utterances();
});
afterAll(() => transcriber.close());

async function backlog(world: World, length: number): Promise<string[]> {
  const tapes = Array.from({ length }, (_, index) => [`${index}.wav`, spoken[index % 20].bytes] as const);
  return (await batchOf(world, Object.fromEntries(tapes))).items;
}

const begunOf = ({ logged }: World) =>
  logged.filter(({ event }) => event === "transcription.processing").map(({ fields }) => String(fields.id));

describe("interactive work", () => {
  it.each([1, 2, 8])(
    "overtakes an archive's backlog where %i recordings are in flight at once",
    async (concurrency) => {
      const world = await newWorld();
      const items = await backlog(world, 40);
      const halting = haltHalfway(transcriber);
      startWorker(world.services, halting.transcriber, { concurrency });
      await vi.waitFor(() => expect(begunOf(world)).not.toEqual([]), PATIENTLY);
      const { id } = await upload(world, spoken[0].bytes);
      const before = begunOf(world).length;
      halting.goOn();
      const records = await settled(world, [id, ...items]);
      expect(records.every(({ state, attempts }) => state === "completed" && attempts === 1)).toBe(true);
      // What was being received at that moment may still come first.
      expect(begunOf(world).indexOf(id)).toBeLessThan(before + concurrency);
    },
  );

  it("finds room while the archive is at work", async () => {
    const world = await newWorld();
    const items = await backlog(world, 20);
    const halting = haltHalfway(transcriber);
    startWorker(world.services, halting.transcriber, { concurrency: 8 });
    await vi.waitFor(() => expect(mostAtOnce(world)).toBe(6), PATIENTLY);
    halting.goOn();
    await settled(world, items);
    expect(mostAtOnce(world)).toBe(6);
  });
});

/** The most that were under work at once, as the log tells. */
function mostAtOnce({ logged }: World): number {
  let now = 0;
  return logged.reduce((most, { event }) => {
    if (event === "transcription.processing") now++;
    if (event === "transcription.completed") now--;
    return Math.max(most, now);
  }, 0);
}

describe("a worker that is told to pause", () => {
  it("finishes what it has, takes nothing of a backlog, and goes on when it may", async () => {
    const world = await newWorld();
    const items = await backlog(world, 20);
    const halting = haltHalfway(transcriber);
    const worker = startWorker(world.services, halting.transcriber, { concurrency: 4 });
    await vi.waitFor(() => expect(begunOf(world).length).toBeGreaterThan(1), PATIENTLY);
    worker.pause();
    halting.goOn();
    await vi.waitFor(() => expect(worker.idle).toBe(true), PATIENTLY);
    const begun = begunOf(world).length;
    expect(begun).toBeLessThan(items.length);
    expect(await messagesIn(world.services.queues.archive)).toBe(items.length - begun);
    worker.resume();
    await settled(world, items);
  });
});

describe("messages", () => {
  it("that make no sense are logged and gone", async () => {
    const world = await newWorld();
    const { transcribe, archive } = world.services.queues;
    const senseless = [
      "",
      "not JSON",
      "[]",
      '{"Records":7}',
      '{"Event":"s3:TestEvent"}',
      '{"type":"transcribe","id":"x"}',
    ];
    for (const body of senseless) await transcribe.send(body);
    await archive.send('{"Records":[{"eventName":"ObjectRemoved:Delete"}]}');
    await transcribe.send(transcribeMessage(`tr_${"0".repeat(32)}`));
    const { id } = await upload(world, spoken[0].bytes);
    startWorker(world.services, transcriber);
    await settled(world, [id]);
    expect(world.logged.filter(({ event }) => event === "message.unreadable")).toHaveLength(5);
    expect(await messagesIn(world.dead)).toBe(0);
    expect((await world.services.store.listTranscriptions({ owner: OWNER, limit: 9 })).items).toHaveLength(1);
  });
});

describe("storage", () => {
  it("that cannot be written to costs a recording time, but no attempt", async () => {
    const clock = new ManualClock();
    const world = await newWorld({ clock, limits: { attempts: 2 }, maxReceives: 100 });
    let full = true;
    const { blobs } = world.services;
    const put: BlobStore["put"] = async (...given) => {
      if (full) throw new StorageFullError("no room");
      return blobs.put(...given);
    };
    const id = await fromSource(world, "a.wav", spoken[0].bytes);
    const worker = startWorker({ ...world.services, blobs: override(blobs, { put }) }, transcriber);
    for (let round = 1; round <= 4; round++) {
      await vi.waitFor(() => expect(givenBack(world)).toBe(round), PATIENTLY);
      await vi.waitFor(() => expect(worker.idle).toBe(true), PATIENTLY);
      expect(await recordOf(world, id)).toMatchObject({ state: "queued", attempts: 0 });
      if (round === 4) full = false;
      clock.advance(30);
    }
    expect((await settled(world, [id]))[0]).toMatchObject({ state: "completed", attempts: 1 });
  });

  it("that fails in ways unknown counts as an attempt each time, until the recording is given up", async () => {
    const clock = new ManualClock();
    const world = await newWorld({ clock, limits: { attempts: 3 }, maxReceives: 100 });
    const get = () => Promise.reject(new Error("what?"));
    const blobs = override(world.services.blobs, { get });
    const id = await fromSource(world, "a.wav", spoken[0].bytes, { webhookUrl: "https://example.com/hook" });
    const worker = startWorker({ ...world.services, blobs }, transcriber);
    for (const [index, seconds] of [10, 30, 90].entries()) {
      await vi.waitFor(() => expect(givenBack(world)).toBe(index + 1), PATIENTLY);
      await vi.waitFor(() => expect(worker.idle).toBe(true), PATIENTLY);
      clock.advance(seconds - 1);
      expect((await world.services.queues.transcribe.depth()).visible).toBe(0);
      clock.advance(1);
    }
    const [record] = await settled(world, [id]);
    expect(record).toMatchObject({ state: "failed", attempts: 3, error: { code: "internal_error" } });
    expect(await messagesIn(world.services.queues.webhooks)).toBe(1);
  });

  it("that is down is asked ever less often, and the worker goes on when it is back", async () => {
    const world = await newWorld();
    let asked = 0;
    let down = true;
    const { transcribe } = world.services.queues;
    const receive: Queue["receive"] = async (options) => {
      asked++;
      if (down) throw new Error("down");
      return transcribe.receive(options);
    };
    const queues = { ...world.services.queues, transcribe: override(transcribe, { receive }) };
    startWorker({ ...world.services, queues }, transcriber);
    const { id } = await upload(world, spoken[0].bytes);
    const failures = () => world.logged.filter(({ event }) => event === "queue.failed");
    await vi.waitFor(() => expect(failures().length).toBeGreaterThanOrEqual(3), PATIENTLY);
    down = false;
    const waits = failures().map(({ fields }) => fields.retry_seconds);
    expect(waits).toEqual([0.5, 1, 2, 4, 8].slice(0, waits.length));
    expect(asked).toBe(waits.length);
    await settled(world, [id]);
  });
});

function givenBack(world: World): number {
  return world.logged.filter(({ event }) => event === "transcription.given_back").length;
}
