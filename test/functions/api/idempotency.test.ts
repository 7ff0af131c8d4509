import { describe, expect, test } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { apiWorld, listen } from "../../support/api-world.ts";

async function start() {
  const world = await apiWorld();
  const base = await listen(world);
  const [ann, bob] = [world.keys.ann, world.keys.bob].map((key) => apiClient(base, key));
  const create = (body: object, key = "k", send = ann) =>
    send("POST", "/v1/transcriptions", body, { "idempotency-key": key });
  return { world, ann, bob, create };
}

describe("an Idempotency-Key", () => {
  test("makes the same request the same transcription", async () => {
    const { world, create } = await start();
    const first = await create({ file_name: "a.wav" });
    expect([first.status, first.headers.get("idempotent-replayed")]).toEqual([201, null]);
    world.clock.advance(10);
    const second = await create({ file_name: "a.wav" });
    expect([second.status, second.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(second.json.id).toBe(first.json.id);
    expect(second.json.upload).toMatchObject({ expires_at: first.json.upload.expires_at });
  });

  test("does not mind in which order members come", async () => {
    const { create } = await start();
    const first = await create({ file_name: "a.wav", metadata: { a: "1", b: "2" } });
    const second = await create({ metadata: { b: "2", a: "1" }, file_name: "a.wav" });
    expect([second.status, second.json.id]).toEqual([200, first.json.id]);
  });

  test("is refused for a different request, and for one of another kind", async () => {
    const { ann, create } = await start();
    await create({ file_name: "a.wav" });
    const other = await create({ file_name: "b.wav" });
    expect([other.status, other.json.code]).toEqual([422, "idempotency_key_reused"]);
    const source = { bucket: "tapes", prefix: "2019/" };
    const batch = await ann("POST", "/v1/batches", { source }, { "idempotency-key": "k" });
    expect(batch.status).toBe(422);
  });

  test("is each owner's own, free again after a day, and not needed", async () => {
    const { world, bob, create } = await start();
    const first = await create({});
    expect((await create({}, "k", bob)).status).toBe(201);
    world.clock.advance(24 * 3600 + 1);
    const later = await create({ file_name: "b.wav" });
    expect(later.status).toBe(201);
    expect(later.json.id).not.toBe(first.json.id);
  });

  test("says that what it made was deleted", async () => {
    const { ann, create } = await start();
    const { id } = (await create({})).json;
    await ann("DELETE", `/v1/transcriptions/${id}`);
    const again = await create({});
    expect([again.status, again.json.code]).toEqual([410, "deleted"]);
  });

  test("makes one of many requests that come at once", async () => {
    const { ann, create } = await start();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create({ file_name: "a.wav" })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
    expect((await ann("GET", "/v1/transcriptions")).json.data).toHaveLength(1);
  });

  test("answers again though the source is gone, or no longer the owner's", async () => {
    const { world, ann } = await start();
    const again = async (path: string, body: object) => {
      const send = () => ann("POST", path, body, { "idempotency-key": path });
      const first = await send();
      expect(first.status).toBe(201);
      return { first, send };
    };
    const one = await again("/v1/transcriptions", { source: { bucket: "tapes", key: "2019/a.wav" } });
    const manifest = { bucket: "tapes", key: "list.csv" };
    const many = await again("/v1/batches", { source: { manifest, format: "csv", bucket: "tapes" } });
    await world.services.blobs.delete({ bucket: "tapes", key: "2019/a.wav" });
    await world.services.blobs.delete(manifest);
    world.services.sourceBuckets = async () => [];
    for (const { first, send } of [one, many]) {
      const { status, json, headers } = await send();
      expect([status, json.id, headers.get("idempotent-replayed")]).toEqual([200, first.json.id, "true"]);
    }
    const other = { source: { bucket: "tapes", key: "gone.wav" } };
    const refused = await ann("POST", "/v1/transcriptions", other, {
      "idempotency-key": "/v1/transcriptions",
    });
    expect([refused.status, refused.json.code]).toEqual([422, "idempotency_key_reused"]);
  });

  test("works for batches", async () => {
    const { world, ann } = await start();
    const create = (prefix: string) =>
      ann("POST", "/v1/batches", { source: { bucket: "tapes", prefix } }, { "idempotency-key": "b" });
    const first = await create("2019/");
    const second = await create("2019/");
    expect([first.status, second.status, second.headers.get("idempotent-replayed")]).toEqual([
      201,
      200,
      "true",
    ]);
    expect(second.json.id).toBe(first.json.id);
    expect((await create("2020/")).status).toBe(422);
    expect(new Set(world.listed).size).toBe(1);
  });
});
