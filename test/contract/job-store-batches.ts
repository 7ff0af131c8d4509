import { beforeEach, describe, expect, test } from "vitest";
import { amendBatch, type Batch, type BatchItemSkip, enterBatch, NO_COUNTS } from "../../src/jobs/batch.ts";
import { InvalidCursorError } from "../../src/jobs/errors.ts";
import type { JobStore } from "../../src/jobs/ports/index.ts";
import { amend, enter, type Transcription } from "../../src/jobs/transcription.ts";
import { aBatch, allPages, anIdempotencyRecord, aTranscription, completed, NOW } from "./records.ts";

/** The part of the contract that is about batches and their counts. */
export function describeBatches(make: () => Promise<JobStore>): void {
  describe("batches", () => {
    let store: JobStore;
    beforeEach(async () => {
      store = await make();
    });

    const create = async (changes: Partial<Batch> = {}) => {
      const record = aBatch(changes);
      expect(await store.createBatch(record, { now: NOW })).toEqual({ outcome: "created" });
      return record;
    };
    const addItem = async (batch: Batch, changes: Partial<Transcription> = {}) => {
      const record = aTranscription({ batchId: batch.id, queue: "archive", ...changes });
      await store.createTranscription(record, { now: NOW });
      return record;
    };
    const skipOf = (batch: Batch, itemId: string): BatchItemSkip => ({
      batchId: batch.id,
      itemId,
      source: { bucket: "archive", key: `${itemId}.wav` },
      transcriptionId: "tr_1",
    });
    const counts = async ({ id }: Batch) => (await store.getBatch(id))?.counts;

    test("come back as they were created, once", async () => {
      const batch = await create();
      expect(await store.getBatch(batch.id)).toEqual(batch);
      expect(await store.createBatch({ ...batch, owner: "bob" }, { now: NOW })).toEqual({
        outcome: "exists",
      });
      expect(await store.getBatch(batch.id)).toEqual(batch);
      expect(await store.getBatch("ba_0")).toBeNull();
    });

    test("share idempotency keys with transcriptions", async () => {
      const batch = aBatch();
      const idempotency = anIdempotencyRecord({ subjectId: batch.id });
      expect(await store.createBatch(batch, { now: NOW, idempotency })).toEqual({ outcome: "created" });
      const used = { outcome: "idempotency_key_used", record: idempotency };
      expect(await store.createBatch(aBatch(), { now: NOW, idempotency })).toEqual(used);
      expect(await store.createTranscription(aTranscription(), { now: NOW, idempotency })).toEqual(used);
    });

    test("are replaced where they are as they were read", async () => {
      const first = await create();
      const second = enterBatch(first, "processing", NOW, { listing: { cursor: "k", done: true } });
      const saved = await Promise.all([1, 2, 3].map(() => store.saveBatch(first, second)));
      expect(saved.filter(Boolean)).toHaveLength(1);
      expect(await store.getBatch(first.id)).toEqual(second);
      const unknown = aBatch();
      expect(await store.saveBatch(unknown, amendBatch(unknown, {}))).toBe(false);
    });

    test("count an item as it goes from state to state, its seconds when it is completed", async () => {
      const batch = await create();
      const item = await addItem(batch);
      expect(await counts(batch)).toEqual({ ...NO_COUNTS, queued: 1 });
      const begun = enter(item, "processing", NOW);
      await store.saveTranscription(item, begun);
      expect(await counts(batch)).toEqual({ ...NO_COUNTS, processing: 1 });
      const advanced = amend(begun, { progress: 0.5 });
      await store.saveTranscription(begun, advanced);
      expect(await counts(batch)).toEqual({ ...NO_COUNTS, processing: 1 });
      const done = completed(advanced, 12.5);
      await store.saveTranscription(advanced, done);
      await store.saveTranscription(done, enter(done, "deleted", NOW));
      expect(await store.getBatch(batch.id)).toEqual({
        ...batch,
        counts: { ...NO_COUNTS, deleted: 1 },
        audioSeconds: 12.5,
      });
    });

    test("count nothing for what was not saved or not created", async () => {
      const batch = await create();
      const item = await addItem(batch);
      await store.createTranscription(item, { now: NOW });
      const begun = enter(item, "processing", NOW);
      await Promise.all(Array.from({ length: 8 }, () => store.saveTranscription(item, begun)));
      expect(await counts(batch)).toEqual({ ...NO_COUNTS, processing: 1 });
    });

    test("take no item that they cannot count", async () => {
      const orphan = aTranscription({ batchId: "ba_0" });
      await expect(store.createTranscription(orphan, { now: NOW })).rejects.toThrow();
      expect(await store.getTranscription(orphan.id)).toBeNull();
    });

    test("count exactly when fifty items are completed at once", async () => {
      const batch = await create();
      const items = await Promise.all(Array.from({ length: 50 }, () => addItem(batch)));
      expect(await counts(batch)).toEqual({ ...NO_COUNTS, queued: 50 });
      const finish = async (item: Transcription) => {
        const begun = enter(item, "processing", NOW);
        expect(await store.saveTranscription(item, begun)).toBe(true);
        expect(await store.saveTranscription(begun, completed(begun, 2))).toBe(true);
      };
      await Promise.all(items.map(finish));
      const after = await store.getBatch(batch.id);
      expect(after?.counts).toEqual({ ...NO_COUNTS, completed: 50 });
      expect(after?.audioSeconds).toBeCloseTo(100);
    });

    test("keep their counts, and their revision stays, whoever saves meanwhile", async () => {
      const batch = await create();
      const item = await addItem(batch);
      expect((await store.getBatch(batch.id))?.revision).toBe(batch.revision);
      const renamed = amendBatch(batch, {
        name: "renamed",
        counts: { ...NO_COUNTS, failed: 7 },
        audioSeconds: 9,
      });
      expect(await store.saveBatch(batch, renamed)).toBe(true);
      expect(await store.getBatch(batch.id)).toEqual({
        ...renamed,
        counts: { ...NO_COUNTS, queued: 1 },
        audioSeconds: 0,
      });
      expect(await store.saveTranscription(item, enter(item, "canceled", NOW))).toBe(true);
      expect(await counts(batch)).toEqual({ ...NO_COUNTS, canceled: 1 });
    });

    test("have their items listed, by state too", async () => {
      const [batch, other] = [await create(), await create()];
      const items = [await addItem(batch), await addItem(batch), await addItem(batch)];
      await addItem(other);
      await store.createTranscription(aTranscription(), { now: NOW });
      const failed = enter(items[1], "failed", NOW);
      await store.saveTranscription(items[1], failed);
      const query = { owner: "ada", batchId: batch.id, limit: 2 };
      const pages = await allPages((after) =>
        store.listTranscriptions({ ...query, ...(after !== undefined && { after }) }),
      );
      expect(pages.flat()).toEqual([items[2], failed, items[0]]);
      expect((await store.listTranscriptions({ ...query, state: "failed" })).items).toEqual([failed]);
      expect((await store.listTranscriptions({ ...query, owner: "bob" })).items).toEqual([]);
    });

    test("are listed newest first, of one owner, in pages", async () => {
      const made = [
        await create(),
        await create(),
        await create(),
        await create({ createdAt: "2027-01-01T00:00:00.000Z" }),
      ];
      await create({ owner: "bob" });
      const pages = await allPages((after) =>
        store.listBatches({ owner: "ada", limit: 3, ...(after !== undefined && { after }) }),
      );
      expect(pages.map((page) => page.length)).toEqual([3, 1]);
      expect(pages.flat()).toEqual(made.toReversed());
      await expect(store.listBatches({ owner: "ada", limit: 3, after: "x" })).rejects.toThrow(
        InvalidCursorError,
      );
    });

    test("are open until they are over, whosever they are", async () => {
      const [listing, processing, done, canceled, failed] = [
        await create(),
        await create({ owner: "bob" }),
        await create(),
        await create(),
        await create(),
      ];
      const go = async (batch: Batch, ...states: Batch["state"][]) => {
        let before = batch;
        for (const state of states) {
          const after = enterBatch(before, state, NOW);
          expect(await store.saveBatch(before, after)).toBe(true);
          before = after;
        }
        return before;
      };
      await go(processing, "processing");
      await go(done, "processing", "completed");
      const canceling = await go(canceled, "canceling");
      await go(failed, "failed");
      const open = async () => (await store.openBatches()).map(({ id }) => id).sort();
      expect(await open()).toEqual([listing.id, processing.id, canceled.id].sort());
      await go(canceling, "canceled");
      expect(await open()).toEqual([listing.id, processing.id].sort());
    });

    test("count a skipped item once, and list it", async () => {
      const [batch, other] = [await create(), await create()];
      const skip = skipOf(batch, "größer/1");
      const skipped = await Promise.all(Array.from({ length: 5 }, () => store.skipBatchItem(skip)));
      expect(skipped.filter(Boolean)).toHaveLength(1);
      expect(await store.skipBatchItem(skipOf(other, "größer/1"))).toBe(true);
      expect(await counts(batch)).toEqual({ ...NO_COUNTS, skipped: 1 });
      expect(await store.listBatchSkips(batch.id, 10)).toEqual({ items: [skip], next: null });
    });

    test("have each item once: transcribed or skipped", async () => {
      const batch = await create();
      const skipped = aTranscription({ batchId: batch.id });
      expect(await store.skipBatchItem(skipOf(batch, skipped.id))).toBe(true);
      expect(await store.createTranscription(skipped, { now: NOW })).toEqual({ outcome: "exists" });
      const queued = aTranscription({ batchId: batch.id });
      await store.createTranscription(queued, { now: NOW });
      expect(await store.skipBatchItem(skipOf(batch, queued.id))).toBe(false);
      expect(await counts(batch)).toEqual({ ...NO_COUNTS, skipped: 1, [queued.state]: 1 });
    });

    test("list what they skipped in pages, each item once", async () => {
      const batch = await create();
      const items = Array.from({ length: 12 }, (_, i) => `item ${i}`);
      for (const item of items) await store.skipBatchItem(skipOf(batch, item));
      const pages = await allPages((after) => store.listBatchSkips(batch.id, 5, after));
      expect(pages.map((page) => page.length)).toEqual([5, 5, 2]);
      expect(
        pages
          .flat()
          .map(({ itemId }) => itemId)
          .sort(),
      ).toEqual(items.sort());
      await expect(store.listBatchSkips(batch.id, 5, "x")).rejects.toThrow(InvalidCursorError);
    });
  });
}
