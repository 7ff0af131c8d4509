import { describe, expect, test } from "vitest";
import type { BatchSource } from "../../../../src/jobs/batch.ts";
import { createBatch } from "../../../../src/jobs/batches/create-batch.ts";
import { batchResultRefs } from "../../../../src/jobs/batches/results.ts";
import { InvalidRequestError } from "../../../../src/jobs/errors.ts";
import {
  ANN,
  batchRequest,
  itemsOf,
  listedBatch,
  openArchive,
  workThrough,
} from "../../../support/archive.ts";

const manifest = (format: "csv" | "jsonl", bucket: string | null = "tapes"): BatchSource => ({
  kind: "manifest",
  manifest: { bucket: "tapes", key: "list" },
  format,
  bucket,
});

describe("keys of a manifest", () => {
  test("are found with spaces around them, as addresses have them, and as they stand first of all", async () => {
    const list =
      'key\n a.mp3 \nb%20c.mp3\nd+e.mp3\nf%2Bg.mp3\n" h.mp3"\ns3://tapes/i%20j.mp3\nnowhere%20.mp3\n';
    const archive = await openArchive({
      list,
      "a.mp3": "a",
      "b c.mp3": "b",
      "d e.mp3": "d",
      "f%2Bg.mp3": "f",
      "f+g.mp3": "other",
      " h.mp3": "h",
      "h.mp3": "other",
      "i j.mp3": "i",
    });
    const { id } = await listedBatch(archive, { source: manifest("csv") });
    const items = await itemsOf(archive.services, id);
    expect(items.map(({ source, state }) => [source.key, state])).toEqual([
      [" h.mp3", "queued"],
      ["a.mp3", "queued"],
      ["b c.mp3", "queued"],
      ["d e.mp3", "queued"],
      ["f%2Bg.mp3", "queued"],
      ["i j.mp3", "queued"],
      ["nowhere%20.mp3", "failed"],
    ]);
  });

  test("that are missing are told with their rows, each for itself", async () => {
    const archive = await openArchive({ list: '{"file":"a.mp3"}\n7\n' });
    const { id, counts } = await listedBatch(archive, { source: manifest("jsonl") });
    expect(counts.failed).toBe(2);
    const items = await itemsOf(archive.services, id);
    expect(items.map(({ error }) => error?.message).sort()).toEqual([
      "A row of the manifest names no key: 7.",
      'A row of the manifest names no key: {"file":"a.mp3"}.',
    ]);
  });

  test.each(['[{"key":"a.mp3"},\n {"key":"b.mp3"}]', '[\n  "a.mp3",\n  "b.mp3"\n]\n', '["a.mp3"]'])(
    "in a JSON array are refused at once: %j",
    async (list) => {
      const { services } = await openArchive({ list });
      const creating = createBatch(services, ANN, batchRequest({ source: manifest("jsonl") }), null);
      await expect(creating).rejects.toThrow(InvalidRequestError);
      await expect(creating).rejects.toThrow(/JSON array.*JSON Lines/);
    },
  );
});

describe("results of keys near the limit", () => {
  const name = "ä".repeat(120); // 240 bytes

  test("have names that fit, each its own", async () => {
    const long = [`${name}12345678.mp3`, `${name}12345679.mp3`]; // 252 bytes
    const archive = await openArchive(Object.fromEntries(long.map((key) => [key, key])));
    await listedBatch(archive, { results: { place: "beside", formats: ["json", "srt"] } });
    await workThrough(archive.services);
    const keys: string[] = [];
    for await (const { key } of archive.services.blobs.list("tapes", "")) keys.push(key);
    const results = keys.filter((key) => !key.endsWith(".mp3"));
    expect(results).toHaveLength(4);
    expect(new Set(results).size).toBe(4);
    for (const key of results) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(255);
    const items = await archive.services.store.listTranscriptions({ owner: "ann", limit: 10 });
    expect(items.items.map(({ state }) => state)).toEqual(["completed", "completed"]);
  });

  test.each([1000, 1010, 1018, 1019, 1020, 1024])(
    "fit into a key where the source has %i bytes",
    async (bytes) => {
      const batch = { id: "ba_1", results: { place: "batch" as const, formats: ["json" as const] } };
      for (const key of [
        `${"folder/".repeat(100)}${"x".repeat(bytes)}`.slice(0, bytes),
        `${"y".repeat(bytes - 6)}/a.mp3`,
      ]) {
        const [own] = await batchResultRefs(batch, { bucket: "tapes", key }, "scriptorium");
        expect(Buffer.byteLength(own!.ref.key)).toBeLessThanOrEqual(1024);
        expect(own!.ref.key).toMatch(/^batches\/ba_1\/results\/tapes\/.*\.json$/);
      }
    },
  );

  test("that could not lie beside their source are refused before the work", async () => {
    const archive = await openArchive();
    const folder = `${"folder/".repeat(144)}`; // 1008 bytes
    const source = { bucket: "tapes", key: `${folder}abcdefgh.mp3` };
    const batch = { id: "ba_1", results: { place: "beside" as const, formats: ["json" as const] } };
    expect(await batchResultRefs(batch, source, "scriptorium")).toEqual([]);
    const list = JSON.stringify(source);
    const manifested = await openArchive({ list });
    const { id } = await listedBatch(manifested, {
      source: manifest("jsonl"),
      results: { place: "beside", formats: ["json"] },
    });
    const [item] = await itemsOf(manifested.services, id);
    expect(item!.error).toMatchObject({ code: "invalid_request", message: expect.stringMatching(/so long/) });
    expect(archive.events).toEqual([]);
  });
});
