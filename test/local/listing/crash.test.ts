import { describe, expect, test, vi } from "vitest";
import { makeEnqueueArchiveHandler } from "../../../functions/enqueue-archive/handler.ts";
import { BatchLister } from "../../../local/listing/lister.ts";
import { type BatchSource, NO_COUNTS } from "../../../src/jobs/batch.ts";
import { createBatch } from "../../../src/jobs/batches/create-batch.ts";
import { parseTranscribeMessage } from "../../../src/jobs/messages.ts";
import {
  ANN,
  type Archive,
  announcedBatches,
  batchOf,
  batchRequest,
  itemsOf,
  listedBatch,
  listWhole,
  openArchive,
  takeAll,
  workThrough,
} from "../../support/archive.ts";
import { type Faults, withFaults } from "../../support/faulty-services.ts";

const DONE_BEFORE = ["a.mp3", "deep/er/c.flac"];
const RECORDINGS = [...DONE_BEFORE, "a-b.mp3", "a/Ä 日本 +%.ogg", "ﬀ.mp3", "😀.mp3"];
const FILES = Object.fromEntries([...RECORDINGS, "notes.txt", "a.mp3.json"].map((key) => [key, key]));
const MANIFEST = RECORDINGS.map((key) => `${JSON.stringify({ key })}\n`).join("");
const PAGE = 3;

const PREFIX: BatchSource = { kind: "prefix", bucket: "tapes", prefix: "" };
const MANIFEST_SOURCE: BatchSource = {
  kind: "manifest",
  manifest: { bucket: "tapes", key: "list.jsonl" },
  format: "jsonl",
  bucket: "tapes",
};

/** An archive in which two recordings are done already, and a batch over it that nobody has begun to list. */
async function archiveWithBatch(source: BatchSource): Promise<{ archive: Archive; id: string }> {
  const archive = await openArchive({ ...FILES, "list.jsonl": MANIFEST });
  const before: BatchSource = { kind: "prefix", bucket: "tapes", prefix: "deep/er/c" };
  await listedBatch(archive, { source: before });
  await listedBatch(archive, { source: { ...before, prefix: "a.mp3" } });
  await workThrough(archive.services);
  const request = batchRequest({ source, webhookUrl: "http://localhost/hook" });
  const { record } = await createBatch(archive.services, ANN, request, null);
  return { archive, id: record.id };
}

/** Run a lister until it has either ended the listing or died of the fault. */
async function listWithFault({ services, events }: Archive, id: string, faults: Faults, retry: number[]) {
  const faulty = withFaults(services, faults);
  const enqueue = makeEnqueueArchiveHandler(faulty.services);
  const lister = new BatchLister({
    services: faulty.services,
    enqueue,
    pageSize: PAGE,
    retryDelaysMs: retry,
  });
  lister.start(id);
  await vi.waitFor(
    async () => {
      const { listing, state } = await batchOf(services, id);
      if (!listing.done && state !== "failed" && !events.includes("batch.stuck")) throw new Error("not yet");
    },
    { interval: 1, timeout: 100_000 },
  );
  await lister.close();
  return faulty.calls();
}

/** Each recording once in the counts and at least once in the queue, whatever happened. */
async function expectWhole({ services }: Archive, id: string): Promise<void> {
  const batch = await batchOf(services, id);
  expect(batch.state).toBe("processing");
  expect(batch.counts).toEqual({ ...NO_COUNTS, queued: RECORDINGS.length - 2, skipped: 2 });
  const items = await itemsOf(services, id);
  const found = items.map(({ source }) => source.key);
  expect(found.toSorted()).toEqual(RECORDINGS.filter((key) => !DONE_BEFORE.includes(key)).toSorted());
  const bodies = await takeAll(services, "archive");
  const sent = new Set(bodies.map((body) => parseTranscribeMessage(body)?.id));
  expect(sent).toEqual(new Set(items.map((item) => item.id)));
}

describe.each([
  ["a folder", PREFIX],
  ["a manifest", MANIFEST_SOURCE],
])("the listing of %s", (_, source) => {
  test.each(["before", "after"] as const)("goes on after a crash right %s any single call", async (when) => {
    for (let at = 1, calls = at; at <= calls; at++) {
      const { archive, id } = await archiveWithBatch(source);
      calls = await listWithFault(archive, id, { at, when, forGood: true }, []);
      const resumed = new BatchLister({
        services: archive.services,
        enqueue: makeEnqueueArchiveHandler(archive.services),
        pageSize: PAGE,
      });
      await resumed.resumeAll();
      await listWhole(archive.services, id, PAGE);
      await resumed.close();
      await expectWhole(archive, id);
    }
  });

  test.each(["before", "after"] as const)(
    "gets over a single failure right %s any call by itself",
    async (when) => {
      for (let at = 1, calls = at; at <= calls; at += 3) {
        const { archive, id } = await archiveWithBatch(source);
        calls = await listWithFault(archive, id, { at, when, forGood: false }, [0, 0]);
        await expectWhole(archive, id);
      }
    },
  );
});

describe("the end of a batch", () => {
  test.each(["before", "after"] as const)(
    "comes after a crash right %s any call that ends it",
    async (when) => {
      for (let at = 1; ; at++) {
        const { archive, id } = await archiveWithBatch({ kind: "prefix", bucket: "tapes", prefix: "a" });
        await listWhole(archive.services, id);
        const faulty = withFaults(archive.services, { at, when, forGood: true });
        const crashed = await workThrough(faulty.services).then(
          () => false,
          () => true,
        );
        // Messages come back, leases end.
        archive.clock.ms += 3_600_000;
        await workThrough(archive.services);
        const batch = await batchOf(archive.services, id);
        expect([at, batch.state]).toEqual([at, "completed"]);
        expect(batch.counts).toEqual({ ...NO_COUNTS, completed: 2, skipped: 1 });
        expect(new Set(await announcedBatches(archive.services))).toEqual(new Set([id]));
        if (!crashed) break;
      }
    },
  );
});
