import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { isTerminal } from "../../src/jobs/transcription.ts";
import type { ApiClient } from "../client/api-client.ts";
import { ApiError, ConnectionError } from "../client/problem.ts";
import { readings } from "../client/readings.ts";
import { TRIES, withRetries } from "../client/retry.ts";
import type { ApiTranscription } from "../client/shapes.ts";
import { putFile } from "../client/upload.ts";
import { describeError } from "../describe-error.ts";
import { CliError } from "../errors.ts";
import type { Input } from "../inputs.ts";
import { recordingRequest } from "../recording-options.ts";
import { Gate } from "./gate.ts";
import type { SubmitOptions } from "./options.ts";
import type { SubmitProgress } from "./progress.ts";
import type { SubmitResults } from "./results.ts";
import { PARTS_FROM_BYTES, uploadParts } from "./upload-parts.ts";

/** Uploads at once. */
const UPLOADS = 4;
/** Recordings waited for at once: each is asked for every 2 s, far below what a key may ask. */
const WAITED_FOR = 64;

export interface Submission {
  inputs: readonly Input[];
  client: ApiClient;
  options: SubmitOptions;
  results: SubmitResults;
  progress: SubmitProgress;
  /** Ids whose recordings are uploaded and whose ends are not known: what to tell the user of on Ctrl-C. */
  open: Set<string>;
}

/** Submit every input; a bad one is reported and the others go on. Returns how many failed. */
export async function submitAll(work: Submission): Promise<number> {
  const next = work.inputs.entries();
  const gate = new Gate(UPLOADS);
  let failed = 0;
  let ended: { error: unknown } | null = null;
  const takeTurns = async () => {
    for (const [index, input] of next) {
      if (ended) return;
      try {
        if (!(await submitOne(index, input, gate, work))) failed++;
      } catch (error) {
        ended ??= { error };
        gate.close(error);
      }
    }
  };
  const lanes = Math.min(work.options.wait ? WAITED_FOR : UPLOADS, work.inputs.length);
  await Promise.all(Array.from({ length: lanes }, takeTurns));
  // What was under way has come to its end by now: nothing goes on behind the user's back.
  if (ended) throw (ended as { error: unknown }).error;
  return failed;
}

/** False where it failed. Throws where the others would fail as well: nobody there, no such key, interrupted. */
async function submitOne(index: number, input: Input, gate: Gate, work: Submission): Promise<boolean> {
  const { client, options, results, progress, open } = work;
  let id: string | null = null;
  try {
    const sent = await gate.through(async () => {
      client.signal.throwIfAborted();
      const created = await create(input, work);
      id = created.id;
      await upload(input, created, work);
      open.add(id);
      return created.id;
    });
    progress.uploaded(input.path, sent);
    if (!options.wait) {
      await results.submitted(index, input, sent);
      return true;
    }
    await untilEnd(input, sent, work);
    await results.completed(index, input, sent, await client.transcript(sent, results.format));
    open.delete(sent);
    progress.completed(input.path);
    return true;
  } catch (error) {
    client.signal.throwIfAborted();
    if (concernsAll(error)) throw error;
    const fault = describeError(error);
    const ended = error instanceof EndedError;
    if (id !== null && ended) open.delete(id);
    progress.failed(input.path, fault.code, fault.message);
    await results.failed(index, input, id, ended ? error.status : "failed", fault);
    return false;
  }
}

async function create({ path }: Input, { client, options }: Submission): Promise<ApiTranscription> {
  const facts = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === "ENOENT" || cause.code === "ENOTDIR";
    throw missing
      ? new CliError("not_found", "There is no such file.", { cause })
      : new CliError("unreadable_file", `The file cannot be read: ${cause.message}.`, { cause });
  });
  if (!facts.isFile()) throw new CliError("unreadable_file", "It is not a file.");
  const inParts = facts.size >= PARTS_FROM_BYTES && { upload: { size: facts.size } };
  const body = { file_name: basename(path), ...inParts, ...recordingRequest(options) };
  return client.createTranscription(body, options.idempotencyKey ?? randomUUID());
}

/** Nothing to do where an Idempotency-Key was used before and the recording is there already. */
async function upload({ path }: Input, { id, upload }: ApiTranscription, work: Submission): Promise<void> {
  if (!upload) return;
  const { client, progress } = work;
  const { signal, wait } = client;
  const onProgress = (sent: number, size: number) => progress.sending(path, sent, size);
  if ("parts" in upload) return uploadParts(path, id, upload, { client, onProgress });
  await withRetries(
    async (attempt) => {
      try {
        await putFile(path, upload, { signal, onProgress });
      } catch (error) {
        if (!(error instanceof ApiError) || !(await hasArrived(client, id, error, attempt))) throw error;
      }
    },
    { signal, wait, tries: TRIES, repeatable: true },
  );
}

/** Whether it is there in spite of a refusal: the try before may have arrived, though its answer did not. */
async function hasArrived(client: ApiClient, id: string, { status }: ApiError, attempt: number) {
  if (status === 412) return true; // stores that take an upload only once
  if (attempt === 1) return false;
  const record = await client.transcription(id);
  return record.status !== "awaiting_upload" && record.status !== "expired";
}

/** It reached an end that is not `completed`. */
class EndedError extends CliError {
  readonly status: string;
  constructor({ status, error }: ApiTranscription) {
    super(error?.code ?? status, error?.message ?? `It ended as ${status}.`);
    this.status = status;
  }
}

async function untilEnd(input: Input, id: string, { client, progress }: Submission): Promise<void> {
  const read = () => client.transcription(id, true);
  for await (const record of readings(client, read, ({ status }) => isTerminal(status))) {
    if (isTerminal(record.status) && record.status !== "completed") throw new EndedError(record);
    progress.working(input.path, record.status, record.progress);
  }
}

/** Not a fault of this recording. */
function concernsAll(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.absent;
  if (error instanceof ApiError) return error.status === 401;
  return error instanceof CliError && error.code === "unexpected_answer";
}
