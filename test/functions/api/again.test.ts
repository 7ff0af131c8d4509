import { describe, expect, test } from "vitest";
import { parseTranscribeMessage } from "../../../src/jobs/messages.ts";
import { acceptUpload, claim, complete } from "../../../src/jobs/work/index.ts";
import { speak, transcriptOf } from "../../src/formats/samples.ts";
import { apiClient } from "../../support/api-client.ts";
import { type ApiWorld, apiWorld, listen, transcribe } from "../../support/api-world.ts";

async function start() {
  const world = await apiWorld();
  const base = await listen(world);
  return { world, ann: apiClient(base, world.keys.ann), bob: apiClient(base, world.keys.bob) };
}

async function waiting({ services }: ApiWorld) {
  const options = { most: 10, waitSeconds: 0, visibilitySeconds: 60 };
  const messages = await services.queues.transcribe.receive(options);
  return messages.map(({ body }) => parseTranscribeMessage(body)?.id);
}

describe("the recording of another transcription", () => {
  test("is transcribed again with other options, and again from there", async () => {
    const { world, ann } = await start();
    const first = (await ann("POST", "/v1/transcriptions", { file_name: "call.wav" })).json;
    await transcribe(world, first.id);
    const body = { source: { transcription: first.id }, alternatives: 5 };
    const { status, json } = await ann("POST", "/v1/transcriptions", body);
    expect([status, json]).toMatchObject([
      201,
      { status: "queued", alternatives: 5, file_name: "call.wav", source: { transcription: first.id } },
    ]);
    expect(json).not.toHaveProperty("upload");
    expect(await waiting(world)).toEqual([json.id]);
    await transcribe(world, json.id);
    const third = await ann("POST", "/v1/transcriptions", { source: { transcription: json.id } });
    expect(third.status).toBe(201);
    const { store } = world.services;
    const sources = await Promise.all([first.id, third.json.id].map((id) => store.getTranscription(id)));
    expect(sources[1]?.source).toEqual(sources[0]?.source);
  });

  test("stays when the second one is deleted", async () => {
    const { world, ann } = await start();
    const { id } = (await ann("POST", "/v1/transcriptions", {})).json;
    await transcribe(world, id);
    const again = await ann("POST", "/v1/transcriptions", { source: { transcription: id } });
    await ann("DELETE", `/v1/transcriptions/${again.json.id}`);
    const { source } = (await world.services.store.getTranscription(id))!;
    expect(await world.services.blobs.head(source)).not.toBeNull();
  });

  test("is not there where it was never uploaded, was deleted, or is another owner's", async () => {
    const { world, ann, bob } = await start();
    const [theirs, waits, gone] = await Promise.all(
      [bob, ann, ann].map(async (send) => (await send("POST", "/v1/transcriptions", {})).json.id as string),
    );
    await transcribe(world, theirs);
    await ann("DELETE", `/v1/transcriptions/${gone}`);
    const details: string[] = [];
    for (const id of [theirs, waits, gone, "tr_0", `tr_${"0".repeat(32)}`]) {
      const { status, json } = await ann("POST", "/v1/transcriptions", { source: { transcription: id } });
      expect([status, json.code, json.field]).toEqual([400, "invalid_request", "source.transcription"]);
      details.push(json.detail.replace(id, "ID"));
    }
    expect(details[0]).toBe(details[4]);
  });

  test("of a bucket is not read any more when the owner may not read that any more", async () => {
    const { world, ann } = await start();
    const source = { bucket: "tapes", key: "2019/a.wav" };
    const { id } = (await ann("POST", "/v1/transcriptions", { source })).json;
    const ask = () => ann("POST", "/v1/transcriptions", { source: { transcription: id } });
    expect((await ask()).status).toBe(201);
    world.services.sourceBuckets = async () => [];
    expect((await ask()).status).toBe(400);
  });
});

test.each([
  [{ start: 2, end: 1 }, 400],
  [{ start: 1, end: 1 }, 400],
  [{ end: 0 }, 400],
  [{ start: -1 }, 400],
  [{ start: null, end: null }, 201],
  [{ start: 1.5, end: 2 }, 201],
])("the part %j of a recording is answered %i", async (part, expected) => {
  const { ann } = await start();
  const { status, json } = await ann("POST", "/v1/transcriptions", part);
  expect(status).toBe(expected);
  if (status === 201) expect(json).toMatchObject(part);
});

test("a completed transcription tells the language it was transcribed in, and what a reader should know", async () => {
  const { world, ann } = await start();
  const { id, language } = (await ann("POST", "/v1/transcriptions", {})).json;
  expect(language).toBeNull();
  const record = (await world.services.store.getTranscription(id))!;
  await world.services.blobs.put(record.source, "RIFF");
  const hold = { worker: "w", messageId: "m" };
  await acceptUpload(world.services, record);
  await claim(world.services, id, hold, 60);
  const warnings = [{ code: "hotword_skipped", message: "“☃” cannot be spelled.", at: 0 }];
  const claimed = (await world.services.store.getTranscription(id))!;
  const transcript = { ...transcriptOf([{ words: speak("hello") }]), id, language: "en", warnings };
  await complete(world.services, claimed, hold, transcript);
  const { json } = await ann("GET", `/v1/transcriptions/${id}`);
  expect(json).toMatchObject({ language: "en", warnings });
  await ann("DELETE", `/v1/transcriptions/${id}`);
  expect((await ann("GET", `/v1/transcriptions/${id}`)).json).toMatchObject({ warnings: [] });
});
