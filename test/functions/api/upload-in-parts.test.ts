import { expect, test } from "vitest";
import { sweep } from "../../../src/jobs/use-cases/sweep.ts";
import { acceptUpload } from "../../../src/jobs/work/index.ts";
import { apiClient } from "../../support/api-client.ts";
import { apiWorld, listen } from "../../support/api-world.ts";
import { putPart } from "../../support/put-part.ts";

const PART = 16 * 1024 * 1024;
const SIZE = 2 * PART + 5;

async function world(limits = {}) {
  const made = await apiWorld(limits);
  const base = await listen(made);
  const send = apiClient(base, made.keys.ann);
  const created = await send("POST", "/v1/transcriptions", { file_name: "a.wav", upload: { size: SIZE } });
  const { id } = created.json;
  const record = async () => (await made.services.store.getTranscription(id))!;
  const put = async (number: number, size: number) => putPart(made, await record(), number, size);
  const path = `/v1/transcriptions/${id}/upload`;
  return { ...made, base, send, created, id, record, put, path };
}

test("an upload in parts is begun, gone on with and completed", async () => {
  const { created, send, put, path, id, record, services } = await world();
  expect(created).toMatchObject({ status: 201, json: { status: "awaiting_upload" } });
  const { upload } = created.json;
  expect(upload).toMatchObject({ size: SIZE, expires_at: expect.any(String) });
  expect(upload.parts.map(({ url, ...part }: { url: string }) => part)).toEqual([
    { number: 1, offset: 0, size: PART },
    { number: 2, offset: PART, size: PART },
    { number: 3, offset: 2 * PART, size: 5 },
  ]);
  await put(1, PART);
  await put(2, 1000); // was cut
  const left = await send("GET", path);
  expect(left.json.parts.map(({ number }: { number: number }) => number)).toEqual([2, 3]);
  const early = await send("POST", path);
  expect(early).toMatchObject({ status: 409, json: { code: "parts_missing", missing_parts: [2, 3] } });
  await put(2, PART);
  await put(3, 5);
  expect((await send("GET", path)).json.parts).toEqual([]);
  expect(await send("POST", path)).toMatchObject({ status: 200, json: { id, status: "queued" } });
  expect((await services.blobs.head((await record()).source))?.size).toBe(SIZE);
  // Again: no mistake, and nothing more happens.
  expect(await send("POST", path)).toMatchObject({ status: 200, json: { status: "queued" } });
  expect(await services.queues.transcribe.depth()).toMatchObject({ visible: 1 });
});

test("a create that is repeated has the parts that are left", async () => {
  const { send, services, ...rest } = await world();
  const headers = { "idempotency-key": "one" };
  const ask = () => send("POST", "/v1/transcriptions", { upload: { size: SIZE } }, headers);
  const first = await ask();
  const record = (await services.store.getTranscription(first.json.id))!;
  await putPart({ services }, record, 1, PART);
  const again = await ask();
  expect(again).toMatchObject({ status: 200, json: { id: first.json.id } });
  expect(again.json.upload.parts.map(({ number }: { number: number }) => number)).toEqual([2, 3]);
  expect(rest.id).not.toBe(first.json.id);
});

test("what a crash left joined is queued by the next try, or by the sweep", async () => {
  const { put, record, services, clock } = await world();
  for (const [number, size] of [
    [1, PART],
    [2, PART],
    [3, 5],
  ])
    await put(number, size);
  const { source, parts } = await record();
  const stored = await services.blobs.parts.list(source, parts!.uploadId);
  await services.blobs.parts.join(source, parts!.uploadId, stored!);
  clock.advance(24 * 3600);
  await sweep(services);
  expect((await record()).state).toBe("queued");
});

test("going on puts the end of the wait off; who does not is expired, and the parts go", async () => {
  const { put, path, send, record, services, clock } = await world();
  await put(1, PART);
  const { uploadUrlSeconds, uploadGraceSeconds } = services.limits;
  clock.advance(uploadUrlSeconds + uploadGraceSeconds - 60);
  await send("GET", path);
  clock.advance(3600);
  await sweep(services);
  expect((await record()).state).toBe("awaiting_upload");
  clock.advance(uploadUrlSeconds + uploadGraceSeconds);
  await sweep(services);
  const { state, source, parts } = await record();
  expect(state).toBe("expired");
  expect(await services.blobs.parts.list(source, parts!.uploadId)).toEqual([]);
  expect(await send("GET", path)).toMatchObject({ status: 409, json: { code: "upload_over" } });
  expect(await send("POST", path)).toMatchObject({ status: 409, json: { code: "upload_over" } });
});

test("deleting it deletes its parts", async () => {
  const { put, send, record, services, id, path } = await world();
  await put(1, PART);
  await send("DELETE", `/v1/transcriptions/${id}`);
  const { source, parts } = await record();
  expect(await services.blobs.parts.list(source, parts!.uploadId)).toEqual([]);
  expect((await send("GET", path)).status).toBe(410);
});

test("a hundred parts at most, whatever the size", async () => {
  const { send, services } = await world({ uploadBytes: 5e9 });
  const largest = await send("POST", "/v1/transcriptions", { upload: { size: 5e9 } });
  expect(largest.json.upload.parts).toHaveLength(100);
  expect(largest.text.length).toBeLessThan(100_000);
  const more = await send("POST", "/v1/transcriptions", { upload: { size: 5e9 + 1 } });
  expect(more).toMatchObject({ status: 413, json: { code: "too_large", limit_bytes: 5e9 } });
  expect(services.limits.uploadBytes).toBe(5e9);
});

test("another owner's is not there, one without parts is told so, and a source needs no upload", async () => {
  const { base, keys, path, send, services } = await world();
  const bob = apiClient(base, keys.bob);
  for (const method of ["GET", "POST"]) expect((await bob(method, path)).status).toBe(404);
  const whole = (await send("POST", "/v1/transcriptions", {})).json.id;
  for (const method of ["GET", "POST"])
    expect(await send(method, `/v1/transcriptions/${whole}/upload`)).toMatchObject({
      status: 409,
      json: { code: "not_in_parts" },
    });
  const both = { upload: { size: 5 }, source: { bucket: "tapes", key: "2019/a.wav" } };
  expect((await send("POST", "/v1/transcriptions", both)).json.errors).toMatchObject([{ field: "upload" }]);
  await acceptUpload(services, (await services.store.getTranscription(whole))!);
});
