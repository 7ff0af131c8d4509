import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Worker } from "../../../containers/worker/worker.ts";
import { Transcriber } from "../../../src/asr/index.ts";
import { transcribeMessage } from "../../../src/jobs/messages.ts";
import type { Queue } from "../../../src/jobs/ports/index.ts";
import { cancelTranscription } from "../../../src/jobs/use-cases/cancel-transcription.ts";
import { deleteTranscription } from "../../../src/jobs/use-cases/delete-transcription.ts";
import { PACK } from "../../src/asr/golden.ts";
import { ManualClock } from "../../src/local/manual-clock.ts";
import { override } from "../../support/override.ts";
import { fromSource, upload } from "./give.ts";
import { haltHalfway } from "./halting.ts";
import { longRecording, type Recording, utterances } from "./recordings.ts";
import { newWorld, settled, startWorker } from "./setting.ts";
import { messagesIn, OWNER, recordOf, transcriptOf, type World } from "./world.ts";

const LONG_SECONDS = 60;
const CALLER = { owner: OWNER, keyId: "ke_1" };

let transcriber: Transcriber;
let spoken: Recording[];
let long: Buffer;
beforeAll(async () => {
  transcriber = await Transcriber.load(PACK, { device: "cpu" });
  spoken = await utterances();
  long = await longRecording(LONG_SECONDS);
});
afterAll(() => transcriber.close());

const PATIENTLY = { timeout: 100_000, interval: 10 };
/** Renewals so far apart that they are not what tells of an end. */
const RARELY = { visibilitySeconds: 600 };

/** Waits until it halts halfway, and the record tells. */
const halted = (world: World, id: string) =>
  vi.waitFor(
    async () => expect(await recordOf(world, id)).toMatchObject({ state: "processing", progress: 0.5 }),
    PATIENTLY,
  );
const idle = (worker: Worker) => vi.waitFor(() => expect(worker.idle).toBe(true), PATIENTLY);
const results = async ({ services }: World) => Array.fromAsync(services.blobs.list("service", "results/"));

describe("two workers", () => {
  it("make one transcript of a recording that is announced to both", async () => {
    const world = await newWorld();
    startWorker(world.services, transcriber);
    startWorker(world.services, transcriber);
    for (let round = 0; round < 25; round++) {
      const { id, event } = await upload(world, spoken[round % spoken.length].bytes);
      await world.services.queues.transcribe.sendMany([event, transcribeMessage(id), event]);
      const [record] = await settled(world, [id]);
      expect(record).toMatchObject({ state: "completed", attempts: 1 });
    }
    expect(world.ended).toEqual(Array(25).fill("completed"));
  });

  it("do not both hold a message whose timeout has passed", async () => {
    const world = await newWorld();
    const { id } = await upload(world, spoken[0].bytes);
    const [message] = await world.services.queues.transcribe.receive({
      most: 1,
      waitSeconds: 0,
      visibilitySeconds: 1,
    });
    expect(message.receiveCount).toBe(1);
    startWorker(world.services, transcriber);
    startWorker(world.services, transcriber);
    expect((await settled(world, [id]))[0]).toMatchObject({ state: "completed", attempts: 1 });
  });
});

describe("a worker in the middle of a long recording", () => {
  it("stops when it is canceled, and goes on with others", async () => {
    const world = await newWorld();
    const halting = haltHalfway(transcriber);
    const worker = startWorker(world.services, halting.transcriber, { concurrency: 1, ...RARELY });
    const { id } = await upload(world, long);
    await halted(world, id);
    await cancelTranscription(world.services, CALLER, id);
    await idle(worker);
    halting.goOn();
    const next = await upload(world, spoken[0].bytes);
    await settled(world, [id, next.id]);
    expect(await recordOf(world, id)).toMatchObject({ state: "canceled", lease: null, results: [] });
    expect((await results(world)).map(({ key }) => key)).toEqual([`results/${next.id}.json`]);
  });

  it("leaves nothing behind of one that is deleted", async () => {
    const world = await newWorld();
    const worker = startWorker(world.services, haltHalfway(transcriber).transcriber, RARELY);
    const { id } = await upload(world, long);
    await halted(world, id);
    await deleteTranscription(world.services, CALLER, id);
    await idle(worker);
    await settled(world, [id]);
    expect(await Array.fromAsync(world.services.blobs.list("service", ""))).toEqual([]);
  });

  it("gives it back when it has to go, for another to take at once", async () => {
    const world = await newWorld();
    const first = startWorker(world.services, haltHalfway(transcriber).transcriber, { concurrency: 2 });
    const { id } = await upload(world, long);
    await halted(world, id);
    const drained = first.drain(0.2);
    const late = await upload(world, spoken[0].bytes);
    expect(await drained).toEqual({ finished: 0, released: 1 });
    expect(first.idle).toBe(true);
    expect(await recordOf(world, id)).toMatchObject({
      state: "queued",
      attempts: 0,
      lease: null,
      progress: 0,
    });
    startWorker(world.services, transcriber);
    const records = await settled(world, [id, late.id]);
    expect(records.map(({ state, attempts }) => [state, attempts])).toEqual([
      ["completed", 1],
      ["completed", 1],
    ]);
    expect((await transcriptOf(world, id)).duration).toBeGreaterThanOrEqual(LONG_SECONDS);
  });

  it("finishes what is in hand before the deadline, and takes nothing more", async () => {
    const world = await newWorld();
    const halting = haltHalfway(transcriber);
    const worker = startWorker(world.services, halting.transcriber);
    const { id } = await upload(world, long);
    await halted(world, id);
    const drained = worker.drain();
    const late = await fromSource(world, "late.wav", spoken[0].bytes);
    halting.goOn();
    expect(await drained).toEqual({ finished: 1, released: 0 });
    expect((await recordOf(world, id)).state).toBe("completed");
    expect((await recordOf(world, late)).state).toBe("queued");
    expect(await messagesIn(world.services.queues.transcribe)).toBe(1);
  });

  it("keeps its message and its lease for longer than either lasts by itself", async () => {
    const clock = new ManualClock();
    const world = await newWorld({ clock });
    const halting = haltHalfway(transcriber);
    // They end by the clock, which waits for each renewal; those come by real time, every 0.2 s.
    const options = { visibilitySeconds: 0.6 };
    startWorker(world.services, halting.transcriber, options);
    startWorker(world.services, halting.transcriber, options);
    const { id } = await upload(world, long);
    await halted(world, id);
    for (let renewals = 0; renewals < 5; renewals++) {
      clock.advance(0.4);
      const until = new Date(clock.now() + 600).toISOString();
      await vi.waitFor(
        async () => expect(await recordOf(world, id)).toMatchObject({ lease: { until } }),
        PATIENTLY,
      );
    }
    halting.goOn();
    expect((await settled(world, [id]))[0]).toMatchObject({ state: "completed", attempts: 1 });
    const { processing, completed } = (await recordOf(world, id)).times;
    expect(Date.parse(completed!) - Date.parse(processing!)).toBe(2000);
  });

  it("lets go where somebody else has the message by now, and the other finishes it", async () => {
    const clock = new ManualClock();
    const world = await newWorld({ clock });
    const { queues } = world.services;
    const { transcribe, rob } = robbable(queues.transcribe);
    const robbed = { ...world.services, queues: { ...queues, transcribe } };
    const options = { visibilitySeconds: 0.6, concurrency: 1 };
    const first = startWorker(robbed, haltHalfway(transcriber).transcriber, options);
    const { id } = await upload(world, long);
    await halted(world, id);
    rob();
    await idle(first);
    expect(await recordOf(world, id)).toMatchObject({ state: "processing", attempts: 1 });
    expect(await messagesIn(queues.transcribe)).toBe(1);
    clock.advance(1);
    startWorker(world.services, transcriber, options);
    expect((await settled(world, [id]))[0]).toMatchObject({ state: "completed", attempts: 2 });
    expect(world.ended).toEqual(["completed"]);
  });
});

/** A queue that gives out one message, and once it is robbed says that somebody else has it by now. */
function robbable(queue: Queue): { transcribe: Queue; rob: () => void } {
  let given = false;
  let robbed = false;
  const transcribe = override(queue, {
    receive: async (options) => {
      if (given) await new Promise((resolve) => options.signal?.addEventListener("abort", resolve));
      const messages = given ? [] : await queue.receive(options);
      given ||= messages.length > 0;
      return messages;
    },
    extend: async (message, seconds) => !robbed && queue.extend(message, seconds),
    release: () => Promise.reject(new Error("it must not be released")),
    delete: () => Promise.reject(new Error("it must not be deleted")),
  });
  return { transcribe, rob: () => (robbed = true) };
}
