import { describe, expect, test } from "vitest";
import { queuedItem } from "../../../../src/jobs/batches/item.ts";
import { transcribeMessage } from "../../../../src/jobs/messages.ts";
import { uploadKey } from "../../../../src/jobs/object-keys.ts";
import { makeS3Event } from "../../../../src/jobs/s3-events.ts";
import { timestamp } from "../../../../src/jobs/services.ts";
import {
  ITEM_REQUEUE_SECONDS,
  REQUEUE_SECONDS,
  type Transcription,
} from "../../../../src/jobs/transcription.ts";
import { cancelTranscription } from "../../../../src/jobs/use-cases/cancel-transcription.ts";
import {
  type CreateTranscriptionRequest,
  createTranscription,
} from "../../../../src/jobs/use-cases/create-transcription.ts";
import { getTranscription } from "../../../../src/jobs/use-cases/get-transcription.ts";
import { sweep } from "../../../../src/jobs/use-cases/sweep.ts";
import { acceptMessage } from "../../../../src/jobs/work/accept.ts";
import { claim } from "../../../../src/jobs/work/claim.ts";
import { fail } from "../../../../src/jobs/work/finish.ts";
import { aBatch } from "../../../contract/records.ts";
import { type ServiceWorld, serviceWorld } from "../../../support/service-world.ts";
import { transcriptionRequest } from "../../../support/transcription-request.ts";

const CALLER = { owner: "acme", keyId: "ke_1" };
const HOUR = 3600;

test("an upload that never comes expires hours after its URL does, not before", async () => {
  const world = await serviceWorld();
  const { id } = await created(world);
  world.clock.advance(7 * HOUR - 1);
  expect(await sweep(world.services)).toBe(0);
  world.clock.advance(1);
  expect(await sweep(world.services)).toBe(1);
  expect(await world.services.store.getTranscription(id)).toMatchObject({ state: "expired", dueAt: null });
  expect(world.counted).toEqual(["expired"]);
  expect(await sweep(world.services)).toBe(0);
});

test("an upload whose event was lost is queued instead of expiring", async () => {
  const world = await serviceWorld();
  const record = await created(world);
  await world.services.blobs.put(record.source, "RIFF");
  world.clock.advance(7 * HOUR);
  await sweep(world.services);
  expect((await world.services.store.getTranscription(record.id))?.state).toBe("queued");
  expect(await messages(world)).toEqual([expect.stringContaining(record.id)]);
});

test("one that was seen queued, but whose message was lost, is sent again once", async () => {
  const world = await serviceWorld();
  const record = await created(world);
  await world.services.blobs.put(record.source, "RIFF");
  expect((await getTranscription(world.services, CALLER, record.id)).state).toBe("queued");
  world.clock.advance(REQUEUE_SECONDS);
  await sweep(world.services);
  expect(await messages(world)).toHaveLength(1);
  world.clock.advance(10 * REQUEUE_SECONDS);
  await sweep(world.services);
  expect(await messages(world)).toHaveLength(0);
});

test("one whose worker died, and whose message is gone, is sent again until somebody takes it", async () => {
  const world = await serviceWorld();
  const record = await created(world);
  await world.services.blobs.put(record.source, "RIFF");
  await getTranscription(world.services, CALLER, record.id);
  await claim(world.services, record.id, { worker: "w", messageId: "m" }, 60);
  await sweep(world.services);
  expect(await messages(world)).toHaveLength(0);
  for (const seconds of [60 + REQUEUE_SECONDS, REQUEUE_SECONDS]) {
    world.clock.advance(seconds);
    await sweep(world.services);
    expect(await messages(world)).toEqual([expect.stringContaining(record.id)]);
  }
  const again = await claim(world.services, record.id, { worker: "x", messageId: "n" }, 60);
  expect(again).toMatchObject({ kind: "claimed", record: { attempts: 2 } });
});

test("an upload that began in time, and ends when the waiting is over, is queued by its event", async () => {
  const world = await serviceWorld();
  const { services, clock } = world;
  const record = await created(world);
  clock.advance(8 * HOUR);
  await sweep(services);
  expect((await services.store.getTranscription(record.id))?.state).toBe("expired");
  await services.blobs.put(record.source, "RIFF");
  const facts = await services.blobs.head(record.source);
  const event = makeS3Event({ ...facts!, versionId: null }, timestamp(clock));
  expect(await acceptMessage(services, event)).toEqual([record.id]);
  const hold = { worker: "w", messageId: "m" };
  expect(await claim(services, record.id, hold, 60)).toMatchObject({ kind: "claimed" });
  expect(await services.blobs.head(record.source)).not.toBeNull();
});

test("a webhook tells of the expiry, and by an event of its own of what comes after all", async () => {
  const world = await serviceWorld();
  const { services, clock } = world;
  const record = await created(world, { webhookUrl: "http://127.0.0.1:9/hook" });
  clock.advance(7 * HOUR);
  await sweep(services);
  const expired = (await services.store.getTranscription(record.id))!.webhook!;
  expect(expired).toMatchObject({ state: "pending", eventId: record.webhook?.eventId });
  expect(await services.queues.webhooks.depth()).toMatchObject({ visible: 1 });
  await services.blobs.put(record.source, "RIFF");
  const { webhook } = await getTranscription(services, CALLER, record.id);
  expect(webhook).toMatchObject({ state: "waiting", attemptCount: 0, url: expired.url });
  expect(webhook?.eventId).not.toBe(expired.eventId);
});

test("an upload that arrives while its transcription expires is not removed", async () => {
  const world = await serviceWorld();
  const record = await created(world);
  world.clock.advance(7 * HOUR);
  const { blobs, store } = world.services;
  const head = blobs.head.bind(blobs);
  blobs.head = async (ref) => {
    const found = await head(ref);
    await blobs.put(ref, "RIFF");
    return found;
  };
  await sweep(world.services);
  blobs.head = head;
  expect((await store.getTranscription(record.id))?.state).toBe("expired");
  expect(await getTranscription(world.services, CALLER, record.id)).toMatchObject({ state: "queued" });
  expect(await head(record.source)).not.toBeNull();
});

test("delete_after_seconds counts from the end, and takes the bytes with it", async () => {
  const world = await serviceWorld();
  const record = await created(world, { deleteAfterSeconds: 60, metadata: { name: "x" } });
  await world.services.blobs.put(record.source, "RIFF");
  world.clock.advance(600);
  await getTranscription(world.services, CALLER, record.id);
  const hold = { worker: "w", messageId: "m" };
  await claim(world.services, record.id, hold, 60);
  await fail(world.services, record.id, hold, { code: "no_audio", message: "It is empty." });
  world.clock.advance(59);
  await sweep(world.services);
  expect((await world.services.store.getTranscription(record.id))?.state).toBe("failed");
  world.clock.advance(1);
  await sweep(world.services);
  expect(await world.services.store.getTranscription(record.id)).toMatchObject({
    state: "deleted",
    metadata: {},
    error: null,
  });
  expect(await world.services.blobs.head(record.source)).toBeNull();
  await sweep(world.services); // looks once more for bytes that outlived a crash
  expect((await world.services.store.getTranscription(record.id))?.dueAt).toBeNull();
});

test("a canceled one is deleted in time as well", async () => {
  const world = await serviceWorld();
  const record = await created(world, { deleteAfterSeconds: 60 });
  await cancelTranscription(world.services, CALLER, record.id);
  world.clock.advance(60);
  await sweep(world.services);
  expect((await world.services.store.getTranscription(record.id))?.state).toBe("deleted");
});

test("one record that cannot be dealt with does not keep the others waiting", async () => {
  const world = await serviceWorld();
  const first = await created(world);
  world.clock.advance(1);
  const second = await created(world);
  world.clock.advance(7 * HOUR);
  const { blobs } = world.services;
  const head = blobs.head.bind(blobs);
  blobs.head = async (ref) => {
    if (ref.key === first.source.key) throw new Error("the disk is on fire");
    return head(ref);
  };
  expect(await sweep(world.services)).toBe(1);
  expect((await world.services.store.getTranscription(first.id))?.state).toBe("awaiting_upload");
  expect((await world.services.store.getTranscription(second.id))?.state).toBe("expired");
});

test("hundreds that are due at once are all dealt with", async () => {
  const world = await serviceWorld();
  for (let index = 0; index < 250; index++) await created(world);
  world.clock.advance(7 * HOUR);
  expect(await sweep(world.services)).toBe(250);
  const now = timestamp(world.services.clock);
  expect((await world.services.store.dueTranscriptions(now, 10)).items).toEqual([]);
});

describe("items of an archive", () => {
  const queued = async (world: ServiceWorld, count: number) => {
    const batch = aBatch({ state: "processing" });
    await world.services.store.createBatch(batch, { now: timestamp(world.services.clock) });
    const ids = Array.from({ length: count }, (_, index) => `tr_${String(index).padStart(32, "0")}`);
    for (const id of ids) {
      const item = queuedItem(world.services, batch, {
        id,
        source: { bucket: "tapes", key: id },
        etag: null,
        size: null,
      });
      await world.services.store.createTranscription(item, { now: item.createdAt });
    }
    return ids;
  };
  const waiting = async ({ services }: ServiceWorld) => (await services.queues.archive.depth()).visible;

  test("that wait for hours behind others are not sent twice", async () => {
    const world = await serviceWorld();
    const ids = await queued(world, 50);
    await world.services.queues.archive.sendMany(ids.map(transcribeMessage));
    for (let hour = 1; hour <= 50; hour++) {
      world.clock.advance(HOUR);
      await sweep(world.services);
    }
    expect(await waiting(world)).toBe(50);
  });

  test("whose messages are lost are sent again, all at once, when their queue is empty", async () => {
    const world = await serviceWorld();
    const ids = await queued(world, 120);
    world.clock.advance(ITEM_REQUEUE_SECONDS - 1);
    expect(await sweep(world.services)).toBe(0);
    world.clock.advance(1);
    let calls = 0;
    const { archive } = world.services.queues;
    const sendMany = archive.sendMany.bind(archive);
    archive.sendMany = (bodies) => {
      calls++;
      return sendMany(bodies);
    };
    expect(await sweep(world.services)).toBe(120);
    expect([await waiting(world), calls]).toEqual([ids.length, 1]);
    expect(await sweep(world.services)).toBe(0);
  });

  test("that are older than any message are sent again though others wait", async () => {
    const world = await serviceWorld();
    await queued(world, 1);
    await world.services.queues.archive.send("another's");
    world.clock.advance(14 * 24 * HOUR + 1);
    await sweep(world.services);
    expect(await waiting(world)).toBe(2);
  });
});

test("a sweep begins nothing more when its time is over, and the next one goes on", async () => {
  const world = await serviceWorld();
  for (let index = 0; index < 600; index++) await created(world);
  world.clock.advance(7 * HOUR);
  const { blobs } = world.services;
  const head = blobs.head.bind(blobs);
  blobs.head = async (ref) => {
    world.clock.advance(0.5);
    return head(ref);
  };
  // A page of 500 takes longer than that by itself.
  expect(await sweep(world.services, { seconds: 240 })).toBe(500);
  expect(await sweep(world.services, { seconds: 240 })).toBe(100);
});

test("what fails for good does not keep a sweep from what is due after it", async () => {
  const world = await serviceWorld();
  for (let index = 0; index < 600; index++) await created(world);
  world.clock.advance(1);
  const last = await created(world);
  world.clock.advance(7 * HOUR);
  const { blobs } = world.services;
  const head = blobs.head.bind(blobs);
  blobs.head = (ref) =>
    ref.key === last.source.key ? head(ref) : Promise.reject(new Error("the disk is on fire"));
  expect(await sweep(world.services)).toBe(1);
  expect((await world.services.store.getTranscription(last.id))?.state).toBe("expired");
});

test("a batch that is done, but that nobody settled, is settled", async () => {
  const world = await serviceWorld();
  const record = aBatch({ state: "processing", listing: { cursor: null, done: true } });
  await world.services.store.createBatch(record, { now: record.createdAt });
  await sweep(world.services);
  expect(await world.services.store.getBatch(record.id)).toMatchObject({
    state: "completed",
    summaryKey: expect.stringContaining(record.id),
  });
});

async function created(
  { services }: ServiceWorld,
  changes: Partial<CreateTranscriptionRequest> = {},
): Promise<Transcription> {
  const { record, upload } = await createTranscription(services, CALLER, transcriptionRequest(changes), null);
  expect(record.source.key).toBe(uploadKey(record.id, "a.wav"));
  expect(upload).not.toBeNull();
  return record;
}

/** What waits in `transcribe`, taken out of it. */
async function messages({ services }: ServiceWorld): Promise<string[]> {
  const { transcribe } = services.queues;
  const received = await transcribe.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 60 });
  for (const message of received) await transcribe.delete(message);
  return received.map(({ body }) => body);
}
