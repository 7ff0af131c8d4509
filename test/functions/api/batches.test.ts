import { describe, expect, test } from "vitest";
import { enterBatch } from "../../../src/jobs/batch.ts";
import { writeSummary } from "../../../src/jobs/batches/write-summary.ts";
import { batchSummaryKey } from "../../../src/jobs/object-keys.ts";
import type { BlobStore } from "../../../src/jobs/ports/index.ts";
import { updateBatch } from "../../../src/jobs/update.ts";
import { apiClient } from "../../support/api-client.ts";
import { type ApiWorld, apiWorld, listen } from "../../support/api-world.ts";

const SOURCE = { bucket: "tapes", prefix: "2019/" };

async function start() {
  const world = await apiWorld();
  return { world, ann: apiClient(await listen(world), world.keys.ann) };
}

async function finish({ services }: ApiWorld, id: string): Promise<void> {
  await updateBatch(services.store, id, (batch) =>
    enterBatch(batch, "processing", "2026-03-01T12:00:01.000Z"),
  );
  await writeSummary(services, (await services.store.getBatch(id))!);
  await updateBatch(services.store, id, (batch) =>
    enterBatch(batch, "completed", "2026-03-01T12:00:02.000Z", { summaryKey: batchSummaryKey(id) }),
  );
}

/** Tells of each object that is opened (1) and closed (-1). */
function withOpen(blobs: BlobStore, tell: (change: number) => void): BlobStore {
  const get: BlobStore["get"] = async (ref) => {
    const blob = await blobs.get(ref);
    tell(1);
    return { ...blob, body: closing(blob.body, () => tell(-1)) };
  };
  return new Proxy(blobs, {
    get: (target, name) =>
      name === "get" ? get : (target[name as keyof BlobStore] as unknown as () => void).bind(target),
  });
}

async function* closing(body: AsyncIterable<Uint8Array>, closed: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    closed();
  }
}

describe("a batch", () => {
  test("is created from a prefix, and its source begun to be read", async () => {
    const { world, ann } = await start();
    const body = {
      name: "2019",
      source: SOURCE,
      metadata: { a: "b" },
      alternatives: 2,
      results: { formats: ["srt"] },
      webhook: { url: "https://example.com/h" },
    };
    const { status, json, headers } = await ann("POST", "/v1/batches", body);
    expect([status, headers.get("location")]).toEqual([201, `/v1/batches/${json.id}`]);
    expect(json).toMatchObject({
      ...body,
      status: "listing",
      force: false,
      results: { place: "batch", formats: ["srt"] },
      counts: { total: 0, completed: 0, skipped: 0 },
      audio_seconds: 0,
      progress: 0,
      eta_seconds: null,
      error: null,
      webhook: { status: "waiting" },
    });
    expect(world.listed).toEqual([json.id]);
    expect((await ann("GET", `/v1/batches/${json.id}`)).json).toEqual(json);
  });

  test("is created from a manifest", async () => {
    const { ann } = await start();
    const source = { manifest: { bucket: "tapes", key: "list.csv" }, format: "csv", bucket: "tapes" };
    const { status, json } = await ann("POST", "/v1/batches", { source });
    expect([status, json.source, json.results]).toEqual([201, source, { place: "batch", formats: ["json"] }]);
    const { bucket: _, ...withoutBucket } = source;
    const second = await ann("POST", "/v1/batches", { source: withoutBucket });
    expect([second.status, second.json.source.bucket]).toEqual([201, null]);
  });

  test("is refused where the source is not there or not the caller's", async () => {
    const { ann } = await start();
    const missing = { manifest: { bucket: "tapes", key: "no.csv" }, format: "csv" };
    for (const source of [missing, { bucket: "service", prefix: "" }, { bucket: "nowhere", prefix: "" }])
      expect((await ann("POST", "/v1/batches", { source })).json.code).toBe("invalid_request");
  });

  test("is canceled once it is not over, and says when it is", async () => {
    const { world, ann } = await start();
    const { id } = (await ann("POST", "/v1/batches", { source: SOURCE })).json;
    const canceled = await ann("POST", `/v1/batches/${id}/cancel`);
    expect([canceled.status, ["canceling", "canceled"]]).toEqual([
      200,
      expect.arrayContaining([canceled.json.status]),
    ]);
    const other = (await ann("POST", "/v1/batches", { source: SOURCE })).json.id;
    await finish(world, other);
    const { status, json } = await ann("POST", `/v1/batches/${other}/cancel`);
    expect([status, json]).toMatchObject([409, { code: "not_cancelable", current_status: "completed" }]);
  });

  test("has a summary when it is over", async () => {
    const { world, ann } = await start();
    const { id } = (await ann("POST", "/v1/batches", { source: SOURCE })).json;
    const early = await ann("GET", `/v1/batches/${id}/summary`);
    expect([early.status, early.json]).toMatchObject([
      409,
      { code: "not_completed", current_status: "listing" },
    ]);
    const source = { bucket: "tapes", key: "2019/a.wav" };
    await world.services.store.skipBatchItem({ batchId: id, itemId: "i", source, transcriptionId: "tr_1" });
    await finish(world, id);
    const { status, headers, text } = await ann("GET", `/v1/batches/${id}/summary`);
    expect([status, headers.get("content-type")]).toEqual([200, "application/jsonl"]);
    expect(
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([{ source: "tapes/2019/a.wav", id: "tr_1", status: "skipped", duration: null, error: null }]);
    const head = await ann("HEAD", `/v1/batches/${id}/summary`);
    expect([head.status, head.text, head.headers.get("content-type")]).toEqual([
      200,
      "",
      "application/jsonl",
    ]);
    const { json } = await ann("GET", `/v1/batches/${id}`);
    expect(json).toMatchObject({ status: "completed", progress: 1, counts: { total: 1, skipped: 1 } });
  });

  test("has a summary that is closed again, whether it is read or only asked for", async () => {
    let open = 0;
    const world = await apiWorld({}, ({ blobs }) => ({
      blobs: withOpen(blobs, (change) => (open += change)),
    }));
    const ann = apiClient(await listen(world), world.keys.ann);
    const { id } = (await ann("POST", "/v1/batches", { source: SOURCE })).json;
    await finish(world, id);
    for (const method of ["GET", "HEAD"]) {
      expect((await ann(method, `/v1/batches/${id}/summary`)).status).toBe(200);
      await expect.poll(() => open).toBe(0);
    }
  });

  test("is listed, newest first, page by page", async () => {
    const { world, ann } = await start();
    const created: string[] = [];
    for (let i = 0; i < 3; i++) {
      created.unshift((await ann("POST", "/v1/batches", { source: SOURCE, name: `${i}` })).json.id);
      world.clock.advance(1);
    }
    const first = await ann("GET", "/v1/batches?limit=2");
    const second = await ann("GET", `/v1/batches?limit=2&after=${first.json.next}`);
    const ids = [...first.json.data, ...second.json.data].map(({ id }: { id: string }) => id);
    expect([ids, second.json.next]).toEqual([created, null]);
    expect((await ann("GET", `/v1/transcriptions?after=${first.json.next}`)).json).toMatchObject({
      field: "after",
    });
  });
});
