import { openAsBlob } from "node:fs";
import { expect, test } from "vitest";
import {
  type Progress,
  Scriptorium,
  ScriptoriumError,
  TranscriptionEndedError,
} from "../../clients/typescript/src/index.ts";
import { callOk } from "../e2e/support/client.ts";
import { startService } from "../e2e/support/local-service.ts";
import { listen } from "../support/listen.ts";
import { shareTranscribers } from "../support/shared-transcribers.ts";

shareTranscribers();

const COMMANDS = new URL("../fixtures/commands.wav", import.meta.url).pathname;
const COMMANDS_TEXT = "ENTER NINE ONE SEVEN ERASE FOUR FIVE SIX FIVE FIVE FIVE ONE TWO THREE FOUR GO";
const pause = async () => {};

async function world(options: Parameters<typeof startService>[0] = {}) {
  const service = await startService(options);
  const connect = (more = {}) =>
    new Scriptorium({ url: service.url, apiKey: service.access.key, pause, ...more });
  const list = async () =>
    (await callOk<{ data: { id: string; status: string }[] }>(service, "GET", "/v1/transcriptions")).data;
  return { service, connect, list };
}

/** Passes requests on to the service, but for those that it is told to break. */
async function brokenLine(target: string, breaks: (method: string, path: string) => boolean) {
  const here = await listen(async (request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
    if (breaks(method, url)) return void request.socket.destroy();
    const body = method === "GET" ? null : Buffer.concat(chunks);
    const { host: _, connection: __, ...passed } = headers;
    const answer = await fetch(target + url, { method, headers: passed as Record<string, string>, body });
    // URLs of uploads lead through this line as well.
    const text = (await answer.text()).replaceAll(target, here);
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(text);
  });
  return here;
}

test("transcribes a file, and tells how far it is", async () => {
  const { connect } = await world();
  const seen: Progress[] = [];
  const { transcription, transcript } = await connect().transcribe(await openAsBlob(COMMANDS), {
    file_name: "commands.wav",
    format_text: false,
    metadata: { order: "4711" },
    onProgress: (progress) => void seen.push(progress),
  });
  expect(transcript.text).toBe(COMMANDS_TEXT);
  expect(transcription).toMatchObject({
    status: "completed",
    file_name: "commands.wav",
    metadata: { order: "4711" },
  });
  expect(seen.slice(0, 2)).toEqual([
    { stage: "uploading", progress: 0, id: null },
    { stage: "uploading", progress: 1, id: transcription.id },
  ]);
});

test("has every call of the API, typed", async () => {
  const { connect } = await world({ worker: null });
  const { data } = await connect().api.GET("/v1/models");
  expect(data?.data[0].name).toBe("u2pp-moe-en-41m");
  const { error } = await connect().api.GET("/v1/transcriptions/{id}", {
    params: { path: { id: "tr_none" } },
  });
  expect(error?.code).toBe("not_found");
});

test("a recording that fails, and a request that is refused, are errors with codes", async () => {
  const { connect } = await world();
  const failing = connect().transcribe(new Blob(["Dear Sir"]));
  await expect(failing).rejects.toBeInstanceOf(TranscriptionEndedError);
  await expect(failing).rejects.toMatchObject({
    code: "unsupported_media",
    transcription: { status: "failed" },
  });
  const refused = connect().transcribe(new Blob(["x"]), { language: "xx" });
  await expect(refused).rejects.toBeInstanceOf(ScriptoriumError);
  await expect(refused).rejects.toMatchObject({ code: "invalid_request", status: 400 });
  const stranger = connect({ apiKey: `sk_${"x".repeat(40)}` }).transcribe(new Blob(["x"]));
  await expect(stranger).rejects.toMatchObject({ code: "unauthorized", status: 401 });
});

test("an abort ends the call and cancels the transcription", async () => {
  const { connect, list } = await world({ worker: null });
  const stop = new AbortController();
  const reason = new Error("enough");
  const transcribing = connect().transcribe(await openAsBlob(COMMANDS), {
    signal: stop.signal,
    onProgress: ({ stage }) => {
      if (stage === "uploading") setImmediate(() => stop.abort(reason));
    },
  });
  await expect(transcribing).rejects.toBe(reason);
  expect((await list()).every(({ status }) => status === "canceled")).toBe(true);
});

test("lines that break are tried again, and nothing is made twice", async () => {
  const { service, connect, list } = await world();
  const broken = new Set<string>();
  const url = await brokenLine(service.url, (method, path) => {
    // Each kind of request breaks once.
    const kind = `${method} ${path.split(/[?/]/)[1]} ${path.includes("transcript?")}`;
    if (broken.has(kind)) return false;
    broken.add(kind);
    return true;
  });
  const file = await openAsBlob(COMMANDS);
  const { transcript } = await connect({ url }).transcribe(file, { format_text: false });
  expect(transcript.text).toBe(COMMANDS_TEXT);
  expect(broken.size).toBeGreaterThanOrEqual(4);
  expect(await list()).toHaveLength(1);
});

test("a large recording goes in parts, of which a cut costs one", async () => {
  const { service, connect, list } = await world({ worker: null });
  const size = 40_000_000;
  const content = new Uint8Array(size).map((_, index) => index % 251);
  const puts: string[] = [];
  const url = await brokenLine(service.url, (method, path) => {
    if (method !== "PUT") return false;
    const part = new URL(path, service.url).searchParams.get("part") ?? "";
    puts.push(part);
    return part === "2" && puts.length === 2;
  });
  const stop = new AbortController();
  const sent: number[] = [];
  const transcribing = connect({ url, partsFromBytes: 30_000_000 }).transcribe(new Blob([content]), {
    signal: stop.signal,
    onProgress: ({ stage, progress }) => {
      if (stage === "uploading") sent.push(progress);
      else stop.abort(new Error("there"));
    },
  });
  await expect(transcribing).rejects.toThrow("there");
  expect(puts).toEqual(["1", "2", "2", "3"]);
  expect(sent).toEqual([0, 0, expect.closeTo(0.42, 2), expect.closeTo(0.84, 2), 1]);
  const [{ id }] = await list();
  const audio = await fetch(`${service.url}/v1/transcriptions/${id}/audio`, {
    headers: { authorization: `Bearer ${service.access.key}` },
  });
  expect(Buffer.from(await audio.arrayBuffer()).equals(content)).toBe(true);
});
