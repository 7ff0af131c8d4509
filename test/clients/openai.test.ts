import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { type Shown, snippets } from "../../web/develop/snippets.ts";
import { call, callOk, type Deployment, ended, submit } from "../e2e/support/client.ts";
import { startService } from "../e2e/support/local-service.ts";
import { apiWorld, listen } from "../support/api-world.ts";
import { describeWithPython, python } from "../support/python.ts";
import { shareTranscribers } from "../support/shared-transcribers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { project, runAll } from "./programs.ts";

shareTranscribers();

const YES = new URL("../fixtures/utterances/slt-yes.wav", import.meta.url).pathname;
const COMMANDS = new URL("../fixtures/commands.wav", import.meta.url).pathname;
const MODEL = "u2pp-moe-en-41m";
const PYTHON_CLIENT = new URL("openai_client.py", import.meta.url).pathname;

/** As the service itself has it. */
async function textOf(service: Deployment, path: string): Promise<string> {
  const id = await submit(service, path);
  await ended(service, id);
  const transcript = `/v1/transcriptions/${id}/transcript`;
  return (await callOk<{ text: string }>(service, "GET", transcript)).text;
}

/** Commands of the getting-started flow. */
async function docsSteps(url: string): Promise<string[]> {
  const html = await (await fetch(`${url}/docs`)).text();
  const list = html.slice(html.indexOf('<ol class="steps">'), html.indexOf("</ol>"));
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return [...list.matchAll(/<code>(.*?)<\/code><\/pre>/gs)].map(([, code]) =>
    code.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]),
  );
}

const letters = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

test("the official client for Node transcribes, streams and lists models", async () => {
  const service = await startService();
  const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.access.key, maxRetries: 0 });
  const { transcriptions } = client.audio;
  const model = "whisper-1";
  const text = await textOf(service, COMMANDS);
  expect((await transcriptions.create({ file: createReadStream(COMMANDS), model })).text).toBe(text);
  const verbose = await transcriptions.create({
    file: createReadStream(YES),
    model,
    response_format: "verbose_json",
    timestamp_granularities: ["word"],
  });
  expect(verbose.words).toMatchObject([{ word: expect.stringMatching(/^yes/i), start: expect.any(Number) }]);
  const stream = await transcriptions.create({ file: createReadStream(COMMANDS), model, stream: true });
  const events = await Array.fromAsync(stream);
  expect(events.at(-1)).toMatchObject({ type: "transcript.text.done", text });
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
    "completed null",
  ]);
});

describeWithPython("openai")("the official client for Python", () => {
  test("transcribes, streams, lists models, and throws errors of its own", async () => {
    const service = await startService();
    const expected = await textOf(service, COMMANDS);
    const broken = join(await temporaryFolder(), "letter.wav");
    await writeFile(broken, "Dear Sir");
    const output = await python([PYTHON_CLIENT, COMMANDS, broken], {
      SERVICE_URL: `${service.url}/v1`,
      SERVICE_KEY: service.access.key,
    });
    const { srt, words, segments, text, ...seen } = JSON.parse(output);
    expect(seen).toEqual({
      json: expected,
      language: "english",
      deltas: expected,
      done: expected,
      models: [MODEL],
      broken: ["BadRequestError", 400, "unsupported_media"],
      format: ["BadRequestError", 400, "invalid_request"],
      stranger: ["AuthenticationError", 401, "unauthorized"],
    });
    expect(letters(words.join(""))).toBe(letters(expected));
    expect(segments.join(" ")).toBe(expected);
    expect(text.replaceAll(/\s+/g, " ").trim()).toBe(expected);
    expect(srt).toMatch(/^1\n00:00:0/);
  });
});

describeWithPython("openai")("what the page shows as code", () => {
  test("does what the page did, in every language, whatever the recording is called", async () => {
    const service = await startService();
    const id = await submit(service, COMMANDS);
    await ended(service, id);
    const transcript = `/v1/transcriptions/${id}/transcript`;
    const { text } = await callOk<{ text: string }>(service, "GET", transcript);
    const srt = await (await call(service, "GET", `${transcript}?format=srt`)).text();
    // Nothing is fetched from the address: what counts is that it arrives.
    const elsewhere = await apiWorld({}, () => ({}), { pause: async () => {} });
    const name = `-it's 9; "a",b $(touch owned) [1-2] {x,y} \\.wav`;
    const url = "https://example.com/it's $(touch owned).wav?a=1&b=2";
    const options = { alternatives: 2, hotwords: [{ phrase: "it's" }] };
    const shown: [string, Shown][] = [
      [service.url, { kind: "transcribe", name, url: null, options: { language: "en" } }],
      [service.url, { kind: "read", id }],
      [service.url, { kind: "transcribe", name, url: null, options }],
      [await listen(elsewhere), { kind: "transcribe", name: url, url, options }],
    ];
    const programs = (language: string) =>
      shown.map(([origin, one]) => {
        const { code } = snippets(origin, one).find((snippet) => snippet.language === language)!;
        return origin === service.url ? code : code.replaceAll("SCRIPTORIUM_API_KEY", "OTHER_API_KEY");
      });
    const folder = await project(COMMANDS, [name]);
    const wanted = { curl: programs("curl"), TypeScript: programs("TypeScript"), Python: programs("Python") };
    const keys = { SCRIPTORIUM_API_KEY: service.access.key, OTHER_API_KEY: elsewhere.keys.ann };
    const { curl, TypeScript, Python } = await runAll(folder, wanted, keys);

    expect(JSON.parse(curl[0]).text).toBe(text);
    expect(curl[1]).toBe(srt);
    expect((await readFile(`${folder}/recording`)).equals(await readFile(COMMANDS))).toBe(true);
    expect([TypeScript[0], TypeScript[2], Python[0]]).toEqual(Array(3).fill(`${text}\n`));
    const lines = TypeScript[1].trim().split("\n");
    expect(lines.map((line) => line.replace(/^[\d.]+ /, "")).join(" ")).toBe(text);
    expect(Python[1]).toBe(TypeScript[1]);
    for (const output of [curl[2], Python[2]]) {
      const created = JSON.parse(output);
      expect(created).toMatchObject({ file_name: name, alternatives: 2, hotwords: options.hotwords });
      expect((await ended(service, created.id)).status).toBe("completed");
    }
    const sent = TypeScript[3].trim().split(" ");
    expect(sent).toEqual([expect.stringMatching(/^tr_/), "queued"]);
    for (const output of [curl[3], Python[3]])
      expect(JSON.parse(output)).toMatchObject({
        ...options,
        source: { url: new URL(url.split("?")[0]).href },
      });
    expect(await readdir(folder)).not.toContain("owned");

    // From a key to a transcript, as /docs has it.
    const [keyStep, create, upload, wait, read] = await docsSteps(service.url);
    const step = keyStep.replace("https://api.example.com", service.url).replace("sk_…", service.access.key);
    const run = (...steps: string[]) =>
      promisify(execFile)("bash", ["-ec", steps.join("\n")], { cwd: folder });
    await copyFile(COMMANDS, join(folder, "call-17.wav"));
    const { stdout } = await run(step, create, upload, wait, 'echo "$id"');
    await ended(service, stdout.trim().split("\n").at(-1)!);
    expect((await run(step, "id=$(jq -r .id created.json)", read)).stdout).toBe(srt);
  });
});
