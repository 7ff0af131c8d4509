import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { callOk } from "../e2e/support/client.ts";
import { startService } from "../e2e/support/local-service.ts";
import { describeWithPython, python } from "../support/python.ts";
import { shareTranscribers } from "../support/shared-transcribers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

shareTranscribers();

const YES = new URL("../fixtures/utterances/slt-yes.wav", import.meta.url).pathname;
const COMMANDS = new URL("../fixtures/commands.wav", import.meta.url).pathname;
const COMMANDS_TEXT = "ENTER NINE ONE SEVEN ERASE FOUR FIVE SIX FIVE FIVE FIVE ONE TWO THREE FOUR GO";
const MODEL = "u2pp-moe-en-12m";
const PYTHON_CLIENT = new URL("openai_client.py", import.meta.url).pathname;

test("the official client for Node transcribes, streams and lists models", async () => {
  const service = await startService();
  const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.access.key, maxRetries: 0 });
  const { transcriptions } = client.audio;
  const model = "whisper-1";
  expect((await transcriptions.create({ file: createReadStream(COMMANDS), model })).text).toBe(COMMANDS_TEXT);
  const verbose = await transcriptions.create({
    file: createReadStream(YES),
    model,
    response_format: "verbose_json",
    timestamp_granularities: ["word"],
  });
  expect(verbose.words).toMatchObject([{ word: "YES", start: expect.any(Number) }]);
  const stream = await transcriptions.create({ file: createReadStream(COMMANDS), model, stream: true });
  const events = await Array.fromAsync(stream);
  expect(events.at(-1)).toMatchObject({ type: "transcript.text.done", text: COMMANDS_TEXT });
  expect((await Array.fromAsync(client.models.list())).map(({ id }) => id)).toEqual([MODEL]);
  // Every one is a transcription as any other, whose recording is gone.
  const { data } = await callOk<{ data: { status: string; file_name: string }[] }>(
    service,
    "GET",
    "/v1/transcriptions",
  );
  expect(data.map(({ status, file_name }) => `${status} ${file_name}`)).toEqual([
    "completed commands.wav",
    "completed slt-yes.wav",
    "completed commands.wav",
  ]);
});

describeWithPython("openai")("the official client for Python", () => {
  test("transcribes, streams, lists models, and throws errors of its own", async () => {
    const service = await startService();
    const broken = join(await temporaryFolder(), "letter.wav");
    await writeFile(broken, "Dear Sir");
    const output = await python([PYTHON_CLIENT, COMMANDS, broken], {
      SERVICE_URL: `${service.url}/v1`,
      SERVICE_KEY: service.access.key,
    });
    const { srt, words, segments, text, ...seen } = JSON.parse(output);
    expect(seen).toEqual({
      json: COMMANDS_TEXT,
      language: "english",
      deltas: COMMANDS_TEXT,
      done: COMMANDS_TEXT,
      models: [MODEL],
      broken: ["BadRequestError", 400, "unsupported_media"],
      format: ["BadRequestError", 400, "invalid_request"],
      stranger: ["AuthenticationError", 401, "unauthorized"],
    });
    expect(words.join(" ")).toBe(COMMANDS_TEXT);
    expect(segments.join(" ")).toBe(COMMANDS_TEXT);
    expect(text.replaceAll(/\s+/g, " ").trim()).toBe(COMMANDS_TEXT);
    expect(srt).toMatch(/^1\n00:00:0/);
  });
});
