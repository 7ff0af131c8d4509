import { expect, test } from "vitest";
import { ZodError } from "zod";
import {
  type EnqueueArchiveEvent,
  makeEnqueueArchiveHandler,
} from "../../../functions/enqueue-archive/handler.ts";
import { NO_COUNTS } from "../../../src/jobs/batch.ts";
import { createBatch } from "../../../src/jobs/batches/create-batch.ts";
import { ANN, batchOf, batchRequest, itemsOf, openArchive } from "../../support/archive.ts";

test("items of every shape become items of the batch", async () => {
  const { services } = await openArchive({ "b.mp3": "b", "c.mp3": "c", "d.mp3": "d", list: "" });
  const source = {
    kind: "manifest" as const,
    manifest: { bucket: "tapes", key: "list" },
    format: "jsonl" as const,
    bucket: "tapes",
  };
  const { record } = await createBatch(services, ANN, batchRequest({ source }), null);
  await makeEnqueueArchiveHandler(services)({
    BatchInput: { batch_id: record.id },
    Items: [
      { Key: "a.mp3", Size: 1, Etag: '"e"' },
      { bucket: "tapes", key: "b.mp3" },
      "c.mp3",
      { source: "tapes/d.mp3" },
      { Bucket: "tapes", Key: "%C3%A4.mp3", Size: "1", ETag: "e", IsLatest: "true" },
      { Bucket: "tapes", Key: "old.mp3", IsLatest: "false" },
      { nonsense: 1 },
    ],
  });
  expect((await batchOf(services, record.id)).counts).toEqual({ ...NO_COUNTS, queued: 5, failed: 1 });
  const items = await itemsOf(services, record.id);
  expect(items.map(({ source: { bucket, key }, state }) => [bucket, key, state])).toEqual([
    ["tapes", "", "failed"],
    ["tapes", "a.mp3", "queued"],
    ["tapes", "b.mp3", "queued"],
    ["tapes", "c.mp3", "queued"],
    ["tapes", "d.mp3", "queued"],
    ["tapes", "ä.mp3", "queued"],
  ]);
});

test("an event of another kind is refused", async () => {
  const { services } = await openArchive();
  const handler = makeEnqueueArchiveHandler(services);
  const event = { Records: [] } as unknown as EnqueueArchiveEvent;
  await expect(handler(event)).rejects.toThrow(ZodError);
});
