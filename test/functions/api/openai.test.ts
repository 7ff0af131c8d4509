import OpenAI, {
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  RateLimitError,
  toFile,
} from "openai";
import { expect, test } from "vitest";
import { acceptMessage } from "../../../src/jobs/work/index.ts";
import { type ApiWorld, apiWorld, failTranscription, listen, transcribe } from "../../support/api-world.ts";

type End = (world: ApiWorld, id: string) => Promise<void>;

/** The API, whose waiting calls find each job ended by `end` at their first look; and the official client of it. */
async function world(end: End, limits = {}, forms = { mostBytes: 2_000_000, waitSeconds: 25 }) {
  const pause = async () => {
    const { transcribe: queue } = made.services.queues;
    const [message] = await queue.receive({ most: 1, waitSeconds: 0, visibilitySeconds: 60 });
    if (!message) return;
    await queue.delete(message);
    for (const id of await acceptMessage(made.services, message.body)) await end(made, id);
  };
  const made: ApiWorld = await apiWorld(limits, undefined, { pause, forms });
  const baseURL = `${await listen(made)}/v1`;
  const client = new OpenAI({ apiKey: made.keys.ann, baseURL, maxRetries: 0 });
  return { ...made, client, baseURL };
}

const wav = () => toFile(new Uint8Array(3000), "call.wav");
const model = "whisper-1";
/** Keys of what lies in the service's bucket. */
const stored = async ({ services }: ApiWorld) =>
  (await Array.fromAsync(services.blobs.list("service", ""))).map(({ key }) => key.replace(/tr_\w+/, "ID"));
const onlyRecord = async ({ services }: ApiWorld) =>
  (await services.store.listTranscriptions({ owner: "ann", limit: 10 })).items;

test("json: the text, and what was used", async () => {
  const { client } = await world(transcribe);
  const answer = await client.audio.transcriptions.create({ file: await wav(), model });
  expect(answer).toMatchObject({ text: "hello there", usage: { type: "duration" } });
});

test("text, srt and vtt come as text", async () => {
  const { client } = await world(transcribe);
  const ask = async (response_format: "text" | "srt" | "vtt") =>
    client.audio.transcriptions.create({ file: await wav(), model, response_format });
  expect(await ask("text")).toBe("hello there\n");
  expect(await ask("srt")).toMatch(/^1\n00:00:00,\d+ --> .*\nhello there\n/);
  expect(await ask("vtt")).toMatch(/^WEBVTT\n/);
});

test("verbose_json has segments, or words, or both", async () => {
  const { client } = await world(transcribe);
  const ask = async (...times: ("word" | "segment")[]) =>
    client.audio.transcriptions.create({
      file: await wav(),
      model,
      response_format: "verbose_json",
      timestamp_granularities: times,
    });
  const both = await ask("word", "segment");
  expect(both).toMatchObject({ task: "transcribe", language: "english", text: "hello there" });
  expect(both.words?.map(({ word }) => word)).toEqual(["hello", "there"]);
  const [segment] = both.segments ?? [];
  expect(segment).toMatchObject({
    id: 0,
    text: "hello there",
    tokens: [],
    temperature: 0,
    no_speech_prob: 0,
  });
  expect(segment.avg_logprob).toBeLessThanOrEqual(0);
  expect(segment.compression_ratio).toBeGreaterThan(0);
  expect(await ask("word")).not.toHaveProperty("segments");
  const unsaid = await client.audio.transcriptions.create({
    file: await wav(),
    model,
    response_format: "verbose_json",
  });
  expect(unsaid.segments).toHaveLength(1);
  expect(unsaid).not.toHaveProperty("words");
});

test("stream: a delta for each segment, then the whole", async () => {
  const { client } = await world(transcribe);
  const events = await Array.fromAsync(
    await client.audio.transcriptions.create({ file: await wav(), model, stream: true }),
  );
  expect(events.map(({ type }) => type)).toEqual(["transcript.text.delta", "transcript.text.done"]);
  const deltas = events.flatMap((event) => (event.type === "transcript.text.delta" ? [event.delta] : []));
  expect(deltas.join("")).toBe("hello there");
  expect(events.at(-1)).toMatchObject({ text: "hello there", usage: { type: "duration" } });
});

test("what comes after the file in the form counts as well", async () => {
  const here = await world(transcribe);
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(3000)]), "call.wav");
  form.set("response_format", "text");
  form.set("language", "en-GB");
  form.set("prompt", "Scriptorium, Ann O'Neill,\nconformer");
  const answer = await fetch(`${here.baseURL}/audio/transcriptions`, {
    method: "POST",
    headers: { authorization: `Bearer ${here.keys.ann}` },
    body: form,
  });
  expect(await answer.text()).toBe("hello there\n");
  const [record] = await onlyRecord(here);
  expect(answer.headers.get("location")).toBe(`/v1/transcriptions/${record.id}`);
  expect(record).toMatchObject({ fileName: "call.wav", queue: "transcribe", state: "completed" });
  expect(record.options).toMatchObject({
    language: "en-GB",
    hotwords: [{ phrase: "Scriptorium" }, { phrase: "Ann O'Neill" }, { phrase: "conformer" }],
  });
});

test("a prompt that is a text is taken, and without effect", async () => {
  const here = await world(transcribe);
  const prompt = "The following is a conversation about the weather in Scotland, mostly rain.";
  await here.client.audio.transcriptions.create({ file: await wav(), model, prompt, temperature: 0.2 });
  expect((await onlyRecord(here))[0].options.hotwords).toEqual([]);
});

test("the recording goes at the end, the transcript a day later", async () => {
  const here = await world(transcribe);
  await here.client.audio.transcriptions.create({ file: await wav(), model });
  expect((await stored(here)).filter((key) => !key.startsWith("inbox/"))).toEqual(["results/ID.json"]);
  const [{ dueAt }] = await onlyRecord(here);
  expect(Date.parse(String(dueAt)) - here.clock.now()).toBe(24 * 3600 * 1000);
});

test("the recording stays as long as delete_after_seconds says", async () => {
  const here = await world(transcribe);
  const more = { delete_after_seconds: 60 } as object;
  await here.client.audio.transcriptions.create({ file: await wav(), model, ...more });
  expect(await stored(here)).toContain("uploads/ID/call.wav");
  const [{ dueAt }] = await onlyRecord(here);
  expect(Date.parse(String(dueAt)) - here.clock.now()).toBe(60_000);
});

test("a recording that fails is the client's BadRequestError with the recording's code, and goes", async () => {
  const here = await world(failTranscription);
  const create = here.client.audio.transcriptions.create({ file: await wav(), model });
  const error = await create.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(BadRequestError);
  expect(error).toMatchObject({
    status: 400,
    code: "no_audio",
    type: "invalid_request_error",
    message: expect.stringContaining("There is no audio in it."),
  });
  expect((await stored(here)).filter((key) => !key.startsWith("inbox/"))).toEqual([]);
});

test("what takes too long is a 504 with the id, which is not tried again, and goes on", async () => {
  const here = await world(async () => {});
  const patient = new OpenAI({ apiKey: here.keys.ann, baseURL: here.baseURL, maxRetries: 3 });
  const create = patient.audio.transcriptions.create({ file: await wav(), model });
  const error = (await create.catch((error: unknown) => error)) as InstanceType<typeof InternalServerError>;
  expect(error).toBeInstanceOf(InternalServerError);
  expect(error).toMatchObject({ status: 504, code: "not_yet_completed", type: "server_error" });
  const records = await onlyRecord(here);
  expect(records).toMatchObject([{ state: "queued" }]);
  expect(error.message).toContain(`GET /v1/transcriptions/${records[0].id}`);
  await transcribe(here, records[0].id);
  const headers = { authorization: `Bearer ${here.keys.ann}` };
  const late = await here.app.request(`/v1/transcriptions/${records[0].id}/transcript?format=text`, {
    headers,
  });
  expect(await late.text()).toBe("hello there\n");
  expect(await stored(here)).not.toContain("uploads/ID/call.wav");
});

test("in a stream such an error comes as an event, which the client throws", async () => {
  const here = await world(failTranscription);
  const events = await here.client.audio.transcriptions.create({ file: await wav(), model, stream: true });
  await expect(Array.fromAsync(events)).rejects.toMatchObject({ code: "no_audio" });
});

test.each([
  [{ response_format: "diarized_json" }, "response_format"],
  [{ response_format: "srt", stream: true }, "stream"],
  [{ timestamp_granularities: ["word"] }, "timestamp_granularities"],
  [{ temperature: 3 }, "temperature"],
  [{ language: "xx" }, "language"],
  [{ colour: "red" }, "colour"],
])("%j is a BadRequestError that names the field, and nothing stays", async (more, param) => {
  const here = await world(transcribe);
  const create = here.client.audio.transcriptions.create({ file: await wav(), model, ...more } as never);
  const error = await create.then(
    () => null,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(BadRequestError);
  expect(error).toMatchObject({ code: "invalid_request", param });
  expect((await stored(here)).filter((key) => !key.startsWith("inbox/"))).toEqual([]);
  for (const { state } of await onlyRecord(here)) expect(state).toBe("deleted");
});

test("a form that is too large is refused with the limit and the way for larger ones", async () => {
  const here = await world(transcribe, {}, { mostBytes: 100_000, waitSeconds: 1 });
  const file = await toFile(new Uint8Array(100_000), "call.wav");
  const error = await here.client.audio.transcriptions.create({ file, model }).catch((error) => error);
  expect(error).toMatchObject({ status: 413, code: "too_large" });
  expect(error.message).toMatch(/100000 bytes.*POST \/v1\/transcriptions/);
});

test("a wrong key is an AuthenticationError, too many requests a RateLimitError", async () => {
  const here = await world(transcribe, { requestsPerMinute: 1 });
  const stranger = new OpenAI({ apiKey: `sk_${"x".repeat(40)}`, baseURL: here.baseURL, maxRetries: 0 });
  const refused = await stranger.models.list().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AuthenticationError);
  expect(refused).toMatchObject({ code: "unauthorized", message: expect.stringContaining("API key") });
  await here.client.models.list();
  const limited = await here.client.models.list().catch((error: unknown) => error);
  expect(limited).toBeInstanceOf(RateLimitError);
  expect(limited).toMatchObject({ code: "rate_limited", type: "rate_limit_error" });
});

test("models.list() has the service's models", async () => {
  const { client } = await world(transcribe);
  const models = await Array.fromAsync(client.models.list());
  expect(models).toMatchObject([{ id: "m", object: "model", owned_by: "scriptorium" }]);
});
