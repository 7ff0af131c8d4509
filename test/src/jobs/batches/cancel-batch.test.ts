import { describe, expect, test } from "vitest";
import { NO_COUNTS } from "../../../../src/jobs/batch.ts";
import { cancelBatch } from "../../../../src/jobs/batches/cancel-batch.ts";
import { createBatch } from "../../../../src/jobs/batches/create-batch.ts";
import { enqueueItems } from "../../../../src/jobs/batches/enqueue-items.ts";
import { readBatchSummary } from "../../../../src/jobs/batches/read-summary.ts";
import { ConflictError, NotFoundError } from "../../../../src/jobs/errors.ts";
import { claim, stillHeld } from "../../../../src/jobs/work/index.ts";
import {
  ANN,
  announcedBatches,
  batchOf,
  batchRequest,
  itemsOf,
  listedBatch,
  listWhole,
  openArchive,
  workThrough,
} from "../../../support/archive.ts";
import { withFaults } from "../../../support/faulty-services.ts";

const FILES = { "a.mp3": "a", "b.mp3": "b", "c.mp3": "c" };
const WEBHOOK = { webhookUrl: "https://example.com/hook" };
const HOLD = { worker: "w", messageId: "m" };

describe("canceling a batch", () => {
  test("ends what waits and what is being worked on, and tells nobody", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const { id } = await listedBatch(archive, WEBHOOK);
    const [first] = await itemsOf(services, id);
    expect((await claim(services, first.id, HOLD, 60)).kind).toBe("claimed");
    const canceled = await cancelBatch(services, ANN, id);
    expect(canceled).toMatchObject({ state: "canceled", counts: { ...NO_COUNTS, canceled: 3 } });
    expect(await stillHeld(services, first.id, HOLD)).toBe(false);
    await workThrough(services);
    expect((await batchOf(services, id)).counts).toEqual({ ...NO_COUNTS, canceled: 3 });
    expect(await announcedBatches(services)).toEqual([]);
    const summary = await Array.fromAsync(await readBatchSummary(services, ANN, id));
    expect(
      Buffer.concat(summary)
        .toString()
        .match(/"status":"canceled"/g),
    ).toHaveLength(3);
  });

  test("leaves what is done as it is", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const { id } = await listedBatch(archive);
    await workThrough(withFaults(services, { at: 20, when: "before", forGood: true }).services).catch(
      () => {},
    );
    const { completed } = (await batchOf(services, id)).counts;
    expect(completed).toBeGreaterThan(0);
    const canceled = await cancelBatch(services, ANN, id);
    expect(canceled.counts).toEqual({ ...NO_COUNTS, completed, canceled: 3 - completed });
  });

  test("leaves most of a large one to the workers", async () => {
    const archive = await openArchive();
    const { services } = archive;
    const { record } = await createBatch(services, ANN, batchRequest(), null);
    const items = Array.from({ length: 1250 }, (_, number) => ({
      bucket: null,
      key: `${number}.mp3`,
      etag: "e",
      size: 1,
    }));
    await enqueueItems(services, record.id, items);
    await listWhole(services, record.id);
    const canceling = await cancelBatch(services, ANN, record.id);
    expect(canceling).toMatchObject({
      state: "canceling",
      counts: { ...NO_COUNTS, canceled: 1000, queued: 250 },
    });
    await workThrough(services);
    expect(await batchOf(services, record.id)).toMatchObject({
      state: "canceled",
      counts: { ...NO_COUNTS, canceled: 1250 },
    });
  });

  test("stops the listing, and ends when that has stopped", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const { record } = await createBatch(services, ANN, batchRequest(WEBHOOK), null);
    await enqueueItems(services, record.id, [{ bucket: null, key: "a.mp3", etag: "e", size: 1 }]);
    const canceling = await cancelBatch(services, ANN, record.id);
    expect(canceling).toMatchObject({ state: "canceling", counts: { ...NO_COUNTS, canceled: 1 } });
    await listWhole(services, record.id);
    expect(await batchOf(services, record.id)).toMatchObject({
      state: "canceled",
      counts: { ...NO_COUNTS, canceled: 1 },
    });
    expect(await announcedBatches(services)).toEqual([]);
  });

  test("is no mistake when done twice, but when it is over", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const { id } = await listedBatch(archive);
    const canceled = await cancelBatch(services, ANN, id);
    expect(await cancelBatch(services, ANN, id)).toEqual(canceled);
    const done = await listedBatch(archive);
    await workThrough(services);
    const late = cancelBatch(services, ANN, done.id);
    await expect(late).rejects.toThrow(ConflictError);
    await expect(late).rejects.toMatchObject({ code: "not_cancelable", details: { status: "completed" } });
  });

  test("is for its owner alone", async () => {
    const archive = await openArchive(FILES);
    const { id } = await listedBatch(archive);
    const bob = { owner: "bob", keyId: "ke_2" };
    await expect(cancelBatch(archive.services, bob, id)).rejects.toThrow(NotFoundError);
    expect((await batchOf(archive.services, id)).state).toBe("processing");
  });

  test.each(["before", "after"] as const)(
    "comes to its end after a crash right %s any call",
    async (when) => {
      for (let at = 1, calls = at; at <= calls; at++) {
        const archive = await openArchive(FILES);
        const { services } = archive;
        const { id } = await listedBatch(archive);
        const faulty = withFaults(services, { at, when, forGood: true });
        const died = await cancelBatch(faulty.services, ANN, id).then(
          () => false,
          () => true,
        );
        calls = faulty.calls();
        if (died && (await batchOf(services, id)).state === "processing") continue;
        await workThrough(services);
        const batch = await batchOf(services, id);
        expect([at, batch.state, batch.counts]).toEqual([at, "canceled", { ...NO_COUNTS, canceled: 3 }]);
      }
    },
  );
});
