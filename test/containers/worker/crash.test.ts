import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Worker } from "../../../containers/worker/worker.ts";
import { Transcriber } from "../../../src/asr/index.ts";
import { totalItems } from "../../../src/jobs/batch.ts";
import { parseWebhookMessage } from "../../../src/jobs/messages.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Transcription } from "../../../src/jobs/transcription.ts";
import { PACK } from "../../src/asr/golden.ts";
import { ManualClock } from "../../src/local/manual-clock.ts";
import { type Mishap, withMishap } from "./dying.ts";
import { batchOf, upload } from "./give.ts";
import { type Recording, utterances } from "./recordings.ts";
import { newWorld, settled, settledNow } from "./setting.ts";
import { bodiesOf, transcriptOf, type World } from "./world.ts";

const HOOK = "https://example.com/hook";
/** More calls than one recording takes. */
const MOST_CALLS = 100;
const SIDE_BY_SIDE = 8;

let transcriber: Transcriber;
let spoken: Recording;
beforeAll(async () => {
  transcriber = await Transcriber.load(PACK, { device: "cpu" });
  [spoken] = await utterances();
});
afterAll(() => transcriber.close());

function beginWorker(services: Services): Worker {
  const options = { concurrency: 2, waitSeconds: 1, checkSeconds: 10 };
  const worker = new Worker(services, transcriber, { id: services.ids.create("ke"), ...options });
  worker.start();
  return worker;
}

/** Let time pass until all have ended: leases, timeouts and delays with it, but only while the living have no work. */
async function overTime(
  world: World,
  { clock, worker, ids }: { clock: ManualClock; worker: Worker; ids: string[] },
): Promise<Transcription[]> {
  clock.advance(61);
  const passing = setInterval(() => worker.idle && clock.advance(10), 50);
  return settled(world, ids).finally(() => clearInterval(passing));
}

async function webhooksOf({ services }: World): Promise<string[]> {
  const messages = (await bodiesOf(services.queues.webhooks)).map((body) => parseWebhookMessage(body)!);
  expect(messages.every(({ attempt }) => attempt === 0)).toBe(true);
  return [...new Set(messages.map(({ subject, id }) => `${subject} ${id}`))].sort();
}

/** Returns whether the mishap came to pass. */
async function finishesDespite(mishap: Mishap, at: number): Promise<boolean> {
  const clock = new ManualClock();
  const world = await newWorld({ database: ":memory:", clock });
  const batch = await batchOf(world, { "a.wav": spoken.bytes }, HOOK);
  const { id } = await upload(world, spoken.bytes, { webhookUrl: HOOK, options: { formats: ["text"] } });
  const unlucky = withMishap(world.services, at, mishap);
  const ids = [id, ...batch.items];
  const eventIds = (await Promise.all(ids.map((id) => world.services.store.getTranscription(id)))).map(
    (record) => record?.webhook?.eventId,
  );
  let worker = beginWorker(unlucky.services);
  await vi.waitFor(
    async () => {
      if (unlucky.calls() < at) await settledNow(world, ids);
    },
    { timeout: 100_000, interval: 2 },
  );
  // The dead are not waited for.
  if (mishap === "death" && unlucky.calls() >= at) worker = beginWorker(world.services);
  const records = await overTime(world, { clock, worker, ids });
  await worker.drain(0);
  const where = `${mishap} at call ${at}`;
  for (const [index, record] of records.entries()) {
    expect(record, where).toMatchObject({ state: "completed", lease: null });
    expect(record.webhook?.eventId, where).toBe(eventIds[index]);
    expect((await transcriptOf(world, record.id)).verbatim_text, where).toBe(spoken.text);
  }
  const settledBatch = await world.services.store.getBatch(batch.id);
  expect(settledBatch, where).toMatchObject({ state: "completed", counts: { completed: 1 } });
  expect(totalItems(settledBatch!.counts), where).toBe(1);
  expect(settledBatch!.audioSeconds, where).toBeCloseTo(records[1].audio!.duration, 6);
  expect(await webhooksOf(world), where).toEqual([`batch ${batch.id}`, `transcription ${id}`].sort());
  return unlucky.calls() >= at;
}

/** Returns how many calls there were to go wrong. */
async function finishesDespiteEach(mishap: Mishap): Promise<number> {
  for (let first = 1; first < MOST_CALLS; first += SIDE_BY_SIDE) {
    const places = Array.from({ length: SIDE_BY_SIDE }, (_, index) => first + index);
    const came = await Promise.all(places.map((at) => finishesDespite(mishap, at)));
    if (came.includes(false)) return first + came.indexOf(false) - 1;
  }
  throw new Error(`more than ${MOST_CALLS} calls`);
}

describe("between any two steps, all ends well: one transcript, counted once, its webhook on the way", () => {
  it("when the worker dies", { timeout: 300_000 }, async () => {
    expect(await finishesDespiteEach("death")).toBeGreaterThan(20);
  });

  it("when a call fails", { timeout: 300_000 }, async () => {
    expect(await finishesDespiteEach("error")).toBeGreaterThan(20);
  });

  it("when a call is done but seems to have failed", { timeout: 300_000 }, async () => {
    expect(await finishesDespiteEach("error after")).toBeGreaterThan(20);
  });

  it("when a record is saved but seems not to be", { timeout: 300_000 }, async () => {
    expect(await finishesDespiteEach("denied")).toBeGreaterThan(20);
  });
});
