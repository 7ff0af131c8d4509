import { describe, expect, test } from "vitest";
import { INLINE_BYTES } from "../../../functions/api/large-answers.ts";
import { renderInThread } from "../../../local/rendering/render-in-thread.ts";
import { enterBatch } from "../../../src/jobs/batch.ts";
import { batchSummaryKey, resultKey } from "../../../src/jobs/object-keys.ts";
import { updateBatch } from "../../../src/jobs/update.ts";
import type { Render } from "../../../src/jobs/use-cases/read-transcript.ts";
import { renderHere } from "../../../src/jobs/use-cases/read-transcript.ts";
import { acceptUpload, claim, complete } from "../../../src/jobs/work/index.ts";
import { downloadRoutes } from "../../../src/local/download-routes.ts";
import { speak, transcriptOf } from "../../src/formats/samples.ts";
import { apiClient } from "../../support/api-client.ts";
import { type ApiWorld, apiWorld, listen, transcribe } from "../../support/api-world.ts";

const HOLD = { worker: "w", messageId: "m" };
/** Of a recording of hours: nine thousand words an hour. */
const HOURS = 12;
const SHORT = ["COLUMN", "A", "LIGHTS"];
/** Of which subtitles are long as well. */
const LONG = ["COLUMN".repeat(6), "LIGHTS", "LIGHTLY".repeat(6)];

async function start() {
  const world = await apiWorld();
  const ann = apiClient(await listen(world), world.keys.ann);
  const { blobs } = world.services;
  // As the laptop's front door serves them.
  const downloads = downloadRoutes({ blobs, clock: world.clock, secret: new Uint8Array(32) });
  return { world, ann, download: (url: string) => downloads.request(url) };
}

async function ofHours({ services }: ApiWorld, id: string, spoken = SHORT): Promise<void> {
  const words = Array.from({ length: HOURS * 9000 }, (_, index) => spoken[index % 3]).join(" ");
  const record = (await services.store.getTranscription(id))!;
  await services.blobs.put(record.source, "RIFF");
  await acceptUpload(services, record);
  await claim(services, id, HOLD, 60);
  const claimed = (await services.store.getTranscription(id))!;
  const transcript = { ...transcriptOf([{ words: speak(words, 0, 0.4) }]), id };
  await complete(services, claimed, HOLD, transcript);
}

describe("a transcript of hours", () => {
  test.each(["json", "srt"])("is a 303 to where it lies, as %s", async (format) => {
    const { world, ann, download } = await start();
    const { id } = (await ann("POST", "/v1/transcriptions", { file_name: "call 17.wav" })).json;
    await ofHours(world, id, LONG);
    const { status, headers, json } = await ann(
      "GET",
      `/v1/transcriptions/${id}/transcript?format=${format}`,
    );
    expect([status, json.download_url]).toEqual([303, headers.get("location")]);
    expect(json.expires_at).toBe("2026-03-01T12:15:00.000Z");
    const answer = await download(json.download_url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-disposition")).toBe(`inline; filename="call 17.${format}"`);
    expect(answer.headers.get("content-type")).toContain(format === "json" ? "application/json" : "subrip");
    const body = await answer.text();
    expect(Number(answer.headers.get("content-length"))).toBe(Buffer.byteLength(body));
    expect(body.length).toBeGreaterThan(INLINE_BYTES);
    const text = format === "json" ? JSON.parse(body).text : body.replaceAll(/^[\d:, ->]*$/gm, "");
    expect(text.match(/LIGHTS/g)).toHaveLength((HOURS * 9000) / 3);
  });

  test("is answered at once where the format is short enough, and not sent again to who has it", async () => {
    const { world, ann } = await start();
    const { id } = (await ann("POST", "/v1/transcriptions", {})).json;
    await ofHours(world, id);
    const path = `/v1/transcriptions/${id}/transcript`;
    expect((await ann("GET", `${path}?format=text`)).status).toBe(200);
    const etag = (await ann("GET", path)).headers.get("etag")!;
    expect((await ann("GET", path, undefined, { "if-none-match": etag })).status).toBe(304);
  });

  test("is not read for that", async () => {
    const { world, ann } = await start();
    const { id } = (await ann("POST", "/v1/transcriptions", {})).json;
    await ofHours(world, id);
    const { blobs } = world.services;
    const reads: string[] = [];
    const get = blobs.get.bind(blobs);
    blobs.get = (ref) => {
      reads.push(ref.key);
      return get(ref);
    };
    const path = `/v1/transcriptions/${id}/transcript`;
    expect((await ann("GET", path)).status).toBe(303);
    expect(reads).toEqual([]);
    await ann("GET", `${path}?format=text`);
    await ann("GET", `${path}?format=text`);
    // The first time it was rendered, then it lay there.
    expect(reads).toEqual([resultKey(id), resultKey(id, "text")]);
  });

  test("is rendered where the service says, and the same as here", async () => {
    const rendered: string[] = [];
    const render: Render = (json, format) => {
      rendered.push(format);
      return renderInThread(json, format);
    };
    const world = await apiWorld({}, () => ({}), { render });
    const ann = apiClient(await listen(world), world.keys.ann);
    const { id } = (await ann("POST", "/v1/transcriptions", {})).json;
    await ofHours(world, id);
    const { text } = await ann("GET", `/v1/transcriptions/${id}/transcript?format=vtt`);
    const { body } = await world.services.blobs.get({ bucket: "service", key: resultKey(id) });
    expect(text).toBe(await renderHere(Buffer.concat(await Array.fromAsync(body)), "vtt"));
    expect(rendered).toEqual(["vtt"]);
  });

  test("leaves nothing behind when it is deleted, whatever format was asked for", async () => {
    const { world, ann, download } = await start();
    const { id } = (await ann("POST", "/v1/transcriptions", {})).json;
    await ofHours(world, id, LONG);
    const { json } = await ann("GET", `/v1/transcriptions/${id}/transcript?format=srt`);
    await ann("DELETE", `/v1/transcriptions/${id}`);
    expect((await download(json.download_url)).status).toBe(404);
    const { bucket, blobs } = world.services;
    expect(await blobs.head({ bucket, key: resultKey(id, "srt") })).toBeNull();
  });
});

test("a completed transcription tells where its transcript can be fetched without a key, for a while", async () => {
  const { world, ann, download } = await start();
  const { id } = (await ann("POST", "/v1/transcriptions", {})).json;
  const path = `/v1/transcriptions/${id}`;
  expect((await ann("GET", path)).json).not.toHaveProperty("download_url");
  await transcribe(world, id);
  const { download_url } = (await ann("GET", path)).json;
  expect(await (await download(download_url)).json()).toEqual((await ann("GET", `${path}/transcript`)).json);
  expect((await download(download_url.replace("results", "uploads"))).status).toBe(403);
  expect((await download(`${download_url}x`)).status).toBe(403);
  world.clock.advance(15 * 60);
  expect((await download(download_url)).status).toBe(403);
});

test("a summary of more than the answer holds is a 303 as well", async () => {
  const { world, ann, download } = await start();
  const { id } = (await ann("POST", "/v1/batches", { source: { bucket: "tapes", prefix: "2019/" } })).json;
  const { store, blobs, bucket } = world.services;
  const line = `${JSON.stringify({ source: "tapes/a.wav", id: `tr_${"0".repeat(32)}`, status: "completed" })}\n`;
  const lines = line.repeat(Math.ceil(INLINE_BYTES / line.length) + 1);
  await blobs.put({ bucket, key: batchSummaryKey(id) }, lines);
  await updateBatch(store, id, (batch) => enterBatch(batch, "processing", "2026-03-01T12:00:01.000Z"));
  await updateBatch(store, id, (batch) =>
    enterBatch(batch, "completed", "2026-03-01T12:00:02.000Z", { summaryKey: batchSummaryKey(id) }),
  );
  const { status, json } = await ann("GET", `/v1/batches/${id}/summary`);
  expect(status).toBe(303);
  expect(await (await download(json.download_url)).text()).toBe(lines);
});

test("a page of large records is shorter than asked for, and the next one goes on", async () => {
  const { world, ann } = await start();
  const hotwords = Array.from({ length: 1000 }, (_, index) => ({ phrase: `${index}`.padEnd(100, "x") }));
  for (let index = 0; index < 30; index++) await ann("POST", "/v1/transcriptions", { hotwords });
  world.clock.advance(1);
  await ann("POST", "/v1/transcriptions", { hotwords: hotwords.slice(0, 3), metadata: { order: "4711" } });
  const replace = hotwords.slice(0, 20).map(({ phrase }) => ({ find: phrase, with: "x" }));
  await ann("POST", "/v1/batches", { source: { bucket: "tapes", prefix: "" }, hotwords, replace });
  const ids = new Set<string>();
  let pages = 0;
  for (let next: string | null = ""; next !== null; pages++) {
    const { text, json } = await ann("GET", `/v1/transcriptions?limit=100${next && `&after=${next}`}`);
    expect(Buffer.byteLength(text)).toBeLessThan(INLINE_BYTES);
    for (const { id } of json.data) ids.add(id);
    next = json.next;
    expect(Buffer.byteLength(text)).toBeLessThan(40_000);
  }
  expect(ids.size).toBe(31);
  expect(pages).toBeGreaterThan(1);
  const { data } = (await ann("GET", "/v1/transcriptions?limit=2")).json;
  expect(data[0]).toMatchObject({ hotwords: hotwords.slice(0, 3), metadata: { order: "4711" } });
  expect(data[0]).not.toHaveProperty("omitted");
  expect(data[1]).toMatchObject({ omitted: ["hotwords"], metadata: {} });
  expect(data[1]).not.toHaveProperty("hotwords");
  expect((await ann("GET", `/v1/transcriptions/${data[1].id}`)).json.hotwords).toHaveLength(1000);
  expect((await ann("GET", "/v1/batches")).json.data[0]).toMatchObject({
    omitted: ["hotwords", "replace"],
  });
});
