import { describe, expect, test } from "vitest";
import { type Answer, apiClient, type Send } from "../../support/api-client.ts";
import { type ApiWorld, apiWorld, failTranscription, listen, transcribe } from "../../support/api-world.ts";

async function start(): Promise<{ world: ApiWorld; ann: Send; create: (body?: object) => Promise<string> }> {
  const world = await apiWorld();
  const ann = apiClient(await listen(world), world.keys.ann);
  const create = async (body?: object) => (await ann("POST", "/v1/transcriptions", body)).json.id;
  return { world, ann, create };
}

const ids = ({ json }: Answer) => json.data.map(({ id }: { id: string }) => id);

describe("creating a transcription", () => {
  test("answers with where to put the recording", async () => {
    const { ann } = await start();
    const answer = await ann("POST", "/v1/transcriptions", { file_name: "a.wav", content_type: "audio/wav" });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toBe(`/v1/transcriptions/${answer.json.id}`);
    expect(answer.json).toEqual({
      id: expect.stringMatching(/^tr_[0-9a-f]{32}$/),
      status: "awaiting_upload",
      created_at: "2026-03-01T12:00:00.000Z",
      times: { awaiting_upload: "2026-03-01T12:00:00.000Z" },
      progress: 0,
      file_name: "a.wav",
      content_type: "audio/wav",
      source: null,
      language: null,
      channels: "mix",
      track: null,
      start: null,
      end: null,
      hotwords: [],
      alternatives: 1,
      word_timestamps: true,
      format_text: true,
      punctuate: true,
      numerals: true,
      replace: [],
      formats: [],
      metadata: {},
      batch_id: null,
      delete_after_seconds: null,
      error: null,
      model: null,
      audio: null,
      warnings: [],
      webhook: null,
      upload: {
        url: expect.stringContaining("http://uploads.test"),
        method: "PUT",
        headers: { "Content-Type": "audio/wav", "If-None-Match": "*" },
        expires_at: "2026-03-01T13:00:00.000Z",
      },
    });
  });

  test("takes every option and gives it back", async () => {
    const { ann } = await start();
    const body = {
      file_name: "b.wav",
      content_type: "audio/ogg; codecs=opus",
      language: "en-GB",
      channels: "split",
      track: 2,
      hotwords: [{ phrase: "Scriptorium", boost: 1.5 }, { phrase: "codex" }],
      alternatives: 3,
      word_timestamps: false,
      format_text: false,
      punctuate: true,
      numerals: false,
      replace: [{ find: "sequel", with: "SQL" }],
      formats: ["srt", "vtt"],
      metadata: { order: "4711", "": undefined, constructor: "x" },
      delete_after_seconds: 60,
      webhook: { url: "https://example.com/hook" },
    };
    const { status, json } = await ann("POST", "/v1/transcriptions", body);
    expect(status).toBe(201);
    const { webhook, ...rest } = JSON.parse(JSON.stringify(body));
    expect(json).toMatchObject(rest);
    expect(json.webhook).toMatchObject({ ...webhook, status: "waiting", attempt_count: 0, attempts: [] });
    const again = await ann("GET", `/v1/transcriptions/${json.id}`);
    const { upload, ...created } = json;
    expect(again.json).toEqual(created);
  });

  test("writes marks and numbers as it formats the text, unless told otherwise", async () => {
    const { ann } = await start();
    const written = async (body: object) => {
      const { json } = await ann("POST", "/v1/transcriptions", body);
      return [json.format_text, json.punctuate, json.numerals, json.replace];
    };
    expect(await written({})).toEqual([true, true, true, []]);
    expect(await written({ format_text: false })).toEqual([false, false, false, []]);
    expect(await written({ format_text: false, numerals: true })).toEqual([false, false, true, []]);
    expect(await written({ punctuate: false })).toEqual([true, false, true, []]);
  });

  test.each([
    [[{ find: "", with: "x" }], "replace.0.find"],
    [[{ find: "x", with: " " }], "replace.0.with"],
    [[{ find: "x" }], "replace.0.with"],
    [[{ find: "x", with: "y".repeat(101) }], "replace.0.with"],
    [Array.from({ length: 1001 }, () => ({ find: "x", with: "y" })), "replace"],
  ])("refuses a replacement that makes no sense, and names it", async (replace, field) => {
    const { ann } = await start();
    const { status, json } = await ann("POST", "/v1/transcriptions", { replace });
    expect([status, json.errors[0].field]).toEqual([400, field]);
  });

  test.each([
    ["no body", undefined, {}],
    ["no body but a type", "", { "content-type": "application/json" }],
    ["an empty object", {}, {}],
    ["a type with a charset", {}, { "content-type": 'Application/JSON ; charset="UTF-8"' }],
    ["a byte order mark", "\ufeff{}", {}],
    [
      "nulls",
      { file_name: null, source: null, webhook: null, language: null, delete_after_seconds: null },
      {},
    ],
  ])("needs nothing: %s", async (_, body, headers) => {
    const { ann } = await start();
    const { status, json } = await ann("POST", "/v1/transcriptions", body, headers);
    expect([status, json.status]).toEqual([201, "awaiting_upload"]);
  });

  test("queues a source at once", async () => {
    const { world, ann } = await start();
    const source = { bucket: "tapes", key: "2019/a.wav" };
    const { status, json } = await ann("POST", "/v1/transcriptions", { source });
    expect(status).toBe(201);
    expect(json).toMatchObject({ status: "queued", source, file_name: "a.wav" });
    expect(json).not.toHaveProperty("upload");
    expect(await world.services.queues.transcribe.depth()).toMatchObject({ visible: 1 });
  });

  test("takes one's own inbox for a source, and nothing else of the service's bucket", async () => {
    const { ann } = await start();
    const create = (key: string) => ann("POST", "/v1/transcriptions", { source: { bucket: "service", key } });
    expect((await create("inbox/ann/b.wav")).status).toBe(201);
    for (const key of ["inbox/bob/c.wav", "inbox/ann/../bob/c.wav", "inbox/ann", "uploads/x/y"])
      expect((await create(key)).json.code).toBe("invalid_request");
  });
});

describe("a transcription", () => {
  test("tells what became of it", async () => {
    const { world, ann, create } = await start();
    const id = await create();
    await transcribe(world, id);
    const { json } = await ann("GET", `/v1/transcriptions/${id}`);
    expect(json).toMatchObject({
      status: "completed",
      progress: 1,
      model: { name: "u2pp-moe-en-41m", version: "0.1.0", device: "cpu" },
      audio: { duration: 60, sha256: "00", sample_rate: 16_000, channels: 1, codec: "pcm_s16le" },
    });
    expect(Object.keys(json.times)).toEqual(["awaiting_upload", "queued", "processing", "completed"]);
  });

  test("tells why it failed", async () => {
    const { world, ann, create } = await start();
    const id = await create();
    await failTranscription(world, id);
    const error = { code: "no_audio", message: "There is no audio in it." };
    expect((await ann("GET", `/v1/transcriptions/${id}`)).json).toMatchObject({ status: "failed", error });
    const transcript = await ann("GET", `/v1/transcriptions/${id}/transcript`);
    expect([transcript.status, transcript.json]).toMatchObject([
      409,
      { code: "not_completed", current_status: "failed", status: 409, error },
    ]);
  });

  test("is canceled, twice alike, but not once it has ended", async () => {
    const { world, ann, create } = await start();
    const id = await create();
    for (let i = 0; i < 2; i++)
      expect((await ann("POST", `/v1/transcriptions/${id}/cancel`)).json).toMatchObject({
        status: "canceled",
      });
    const done = await create();
    await transcribe(world, done);
    const { status, json } = await ann("POST", `/v1/transcriptions/${done}/cancel`);
    expect([status, json]).toMatchObject([409, { code: "not_cancelable", current_status: "completed" }]);
  });

  test("is deleted, twice alike, and leaves a tombstone that tells nothing", async () => {
    const { world, ann } = await start();
    const source = { bucket: "tapes", key: "2019/a.wav" };
    const body = { source, metadata: { name: "Ann" }, file_name: "secret.wav" };
    const { id } = (await ann("POST", "/v1/transcriptions", body)).json;
    await transcribe(world, id);
    for (let i = 0; i < 2; i++) {
      const { status, text } = await ann("DELETE", `/v1/transcriptions/${id}`);
      expect([status, text]).toEqual([204, ""]);
    }
    const { json } = await ann("GET", `/v1/transcriptions/${id}`);
    expect(json).toMatchObject({
      status: "deleted",
      source: null,
      metadata: {},
      file_name: null,
      audio: null,
    });
    for (const [method, path] of [
      ["GET", "transcript"],
      ["POST", "webhook/redeliver"],
    ]) {
      const answer = await ann(method, `/v1/transcriptions/${id}/${path}`);
      expect([answer.status, answer.json]).toMatchObject([
        410,
        { code: "deleted", current_status: "deleted" },
      ]);
    }
  });
});

describe("the list", () => {
  test("goes page by page, newest first, and stops", async () => {
    const { world, ann, create } = await start();
    const created: string[] = [];
    for (let i = 0; i < 5; i++) {
      created.unshift(await create());
      world.clock.advance(1);
    }
    const seen: string[] = [];
    let after = "";
    do {
      const page = await ann("GET", `/v1/transcriptions?limit=2${after}`);
      expect(page.status).toBe(200);
      seen.push(...ids(page));
      after = page.json.next === null ? "" : `&after=${encodeURIComponent(page.json.next)}`;
    } while (after !== "");
    expect(seen).toEqual(created);
  });

  test("knows statuses and batches, and 20 at once by default", async () => {
    const { world, ann, create } = await start();
    const canceled = await create();
    await ann("POST", `/v1/transcriptions/${canceled}/cancel`);
    world.clock.advance(1);
    for (let i = 0; i < 21; i++) await create();
    expect(ids(await ann("GET", "/v1/transcriptions?status=canceled"))).toEqual([canceled]);
    expect(ids(await ann("GET", "/v1/transcriptions"))).toHaveLength(20);
    expect(ids(await ann("GET", "/v1/transcriptions?limit=100"))).toHaveLength(22);
    expect(ids(await ann("GET", `/v1/transcriptions?batch_id=ba_${"0".repeat(32)}`))).toEqual([]);
  });
});
