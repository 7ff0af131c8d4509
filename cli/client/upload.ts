import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { retryAfterSeconds } from "../../src/jobs/webhooks/schedule.ts";
import { CliError } from "../errors.ts";
import { ConnectionError, toApiError } from "./problem.ts";
import type { ApiPart, ApiUpload } from "./shapes.ts";

export interface UploadOptions {
  signal: AbortSignal;
  /** Bytes so far, of how many. */
  onProgress: (sent: number, size: number) => void;
}

/** Without a byte going or coming. */
const IDLE_MS = 60_000;
const MOST_ANSWER_BYTES = 64 * 1024;

/** Put a stretch of a file to the URL of a part. Throws likewise. */
export async function putPart(
  path: string,
  { url, offset, size }: ApiPart,
  options: UploadOptions,
): Promise<void> {
  const file = await open(path);
  try {
    await put(file, { url, headers: {} }, { offset, size }, options);
  } finally {
    await file.close();
  }
}

/**
 * Put a file to an upload URL, as a stream with its Content-Length, which S3 asks for. Throws ApiError,
 * ConnectionError, CliError `file_changed`, errors of the file system, or the signal's reason.
 */
export async function putFile(path: string, upload: ApiUpload, options: UploadOptions): Promise<void> {
  const file = await open(path);
  try {
    await put(file, upload, { offset: 0, size: (await file.stat()).size }, options);
  } finally {
    await file.close();
  }
}

interface Stretch {
  offset: number;
  size: number;
}

async function put(
  file: FileHandle,
  { url, headers }: Pick<ApiUpload, "url" | "headers">,
  stretch: Stretch,
  options: UploadOptions,
): Promise<void> {
  const { size } = stretch;
  const request = (url.startsWith("https:") ? https : http).request(url, {
    method: "PUT",
    headers: { ...headers, "content-length": size },
    signal: options.signal,
  });
  request.setTimeout(IDLE_MS, () => request.destroy(new Error(`nothing moved for ${IDLE_MS / 1000} s`)));
  const answer = receive(request);
  // An answer before the end, or an error, ends the sending; both are met below.
  answer.catch(() => {});
  try {
    await send(file, stretch, request, answer, options.onProgress);
    const { status, body, retryAfter } = await answer;
    if (status < 200 || status > 299) throw toApiError(status, body, retryAfter);
    options.onProgress(size, size);
  } catch (error) {
    options.signal.throwIfAborted();
    throw error instanceof CliError ? error : broken(error, url);
  } finally {
    request.destroy();
  }
}

/** Send until the end or the answer, no faster than it is taken. */
async function send(
  file: FileHandle,
  stretch: Stretch,
  request: http.ClientRequest,
  answer: Promise<Answer>,
  onProgress: UploadOptions["onProgress"],
): Promise<void> {
  const { size } = stretch;
  let sent = 0;
  onProgress(0, size);
  for await (const chunk of chunksOf(file, stretch)) {
    if (request.destroyed) return;
    const hasRoom = request.write(chunk);
    sent += chunk.length;
    onProgress(sent, size);
    if (!hasRoom && (await roomOrAnswer(request, answer)) === "answer") return;
  }
  if (sent < size) throw new CliError("file_changed", "The file became shorter while it was being sent.");
  request.end();
}

async function* chunksOf(file: FileHandle, { offset, size }: Stretch): AsyncGenerator<Buffer> {
  if (size === 0) return;
  try {
    // No more than was announced, should the file grow meanwhile.
    yield* file.createReadStream({ start: offset, end: offset + size - 1, autoClose: false });
  } catch (cause) {
    throw new CliError("unreadable_file", `The file cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

async function roomOrAnswer(request: http.ClientRequest, answer: Promise<Answer>) {
  const settled = new AbortController();
  const event = (name: string) => once(request, name, { signal: settled.signal }).then(() => "room" as const);
  try {
    return await Promise.race([event("drain"), event("close"), answer.then(() => "answer" as const)]);
  } finally {
    settled.abort();
  }
}

interface Answer {
  status: number;
  body: string;
  retryAfter: number | null;
}

async function receive(request: http.ClientRequest): Promise<Answer> {
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) if (body.length < MOST_ANSWER_BYTES) body += chunk;
  const header = response.headers["retry-after"] ?? null;
  return {
    status: response.statusCode ?? 0,
    body,
    retryAfter: header === null ? null : retryAfterSeconds(header, Date.now()),
  };
}

function broken(error: unknown, url: string): unknown {
  if (!(error instanceof Error)) return error;
  const reason = (error as NodeJS.ErrnoException).code ?? error.message;
  return new ConnectionError(`The upload to ${new URL(url).host} broke off (${reason}).`, false, {
    cause: error,
  });
}
