import createClient, { type Client } from "openapi-fetch";
import { ScriptoriumError, type Transcription, TranscriptionEndedError } from "./errors.ts";
import { type Patience, realPause, withRetries } from "./retry.ts";
import type { components, paths } from "./schema.d.ts";
import { PARTS_FROM_BYTES, type UploadCalls, upload } from "./upload.ts";

export type Transcript = components["schemas"]["Transcript"];
export type CreateTranscription = components["schemas"]["CreateTranscription"];

export interface ScriptoriumOptions {
  /** Where the service is: `https://…`, `http://127.0.0.1:8787`. */
  url: string;
  /** `sk_…` */
  apiKey: string;
  /** Recordings of so many bytes are uploaded in parts. Default: 100 MB. */
  partsFromBytes?: number;
  /** Passes time between tries. Default: real time. */
  pause?: Patience["pause"];
}

export interface Progress {
  stage: "uploading" | "queued" | "processing";
  /** Of this stage, 0 to 1. */
  progress: number;
  /** Once it is known. */
  id: string | null;
}

export type TranscribeOptions = Omit<CreateTranscription, "source" | "upload"> & {
  /** Ends it all: the transcription is canceled as well. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
};

export interface Transcribed {
  transcription: Transcription;
  transcript: Transcript;
}

/** The longest that one answer is waited for: a long poll. */
const WAIT_SECONDS = 20;

/** The API, typed (`api`), and what most programs want of it in one call. */
export class Scriptorium {
  /** Every call of the API: https://openapi-ts.dev/openapi-fetch */
  readonly api: Client<paths>;
  readonly #pause: Patience["pause"];
  readonly #partsFromBytes: number;

  constructor({ url, apiKey, partsFromBytes = PARTS_FROM_BYTES, pause = realPause }: ScriptoriumOptions) {
    this.#partsFromBytes = partsFromBytes;
    this.api = createClient<paths>({
      baseUrl: url.replace(/\/+$/, ""),
      headers: { authorization: `Bearer ${apiKey}` },
    });
    this.#pause = pause;
  }

  /**
   * Upload a recording, wait for its end and read its transcript. A Blob or File; in Node `await openAsBlob(path)`, which
   * is read as it is sent. What passes (a connection that breaks, 429, 5xx) is tried again. Throws ScriptoriumError,
   * TranscriptionEndedError where it did not end as completed, TypeError where the service cannot be reached, the
   * signal's reason.
   */
  async transcribe(file: Blob, options: TranscribeOptions = {}): Promise<Transcribed> {
    const { signal = new AbortController().signal, onProgress = () => {}, ...wanted } = options;
    const patience = { signal, pause: this.#pause };
    let id: string | null = null;
    try {
      onProgress({ stage: "uploading", progress: 0, id });
      const created = await this.#create(file, wanted, patience);
      id = created.id;
      if (created.upload)
        await upload(file, created.upload, this.#uploadCalls(created.id, patience), patience, (sent) =>
          onProgress({ stage: "uploading", progress: file.size === 0 ? 1 : sent / file.size, id }),
        );
      const transcription = await this.#ended(created.id, patience, onProgress);
      if (transcription.status !== "completed") throw new TranscriptionEndedError(transcription);
      return { transcription, transcript: await this.#transcript(created.id, patience) };
    } catch (error) {
      if (signal.aborted && id !== null) await this.#cancel(id);
      throw error;
    }
  }

  #uploadCalls(id: string, patience: Patience): UploadCalls {
    const params = { path: { id } };
    const { signal } = patience;
    return {
      left: () =>
        withRetries(
          async () => dataOf(await this.api.GET("/v1/transcriptions/{id}/upload", { params, signal })),
          patience,
        ),
      complete: () =>
        withRetries(
          async () => dataOf(await this.api.POST("/v1/transcriptions/{id}/upload", { params, signal })),
          patience,
        ),
    };
  }

  #create(file: Blob, wanted: CreateTranscription, patience: Patience): Promise<Transcription> {
    const key = crypto.randomUUID();
    const name = file instanceof File ? file.name : null;
    const inParts = file.size >= this.#partsFromBytes && { upload: { size: file.size } };
    const body: CreateTranscription = { ...(name && { file_name: name.slice(-255) }), ...inParts, ...wanted };
    return withRetries(async () => {
      const params = { header: { "idempotency-key": key } };
      return dataOf(await this.api.POST("/v1/transcriptions", { params, body, signal: patience.signal }));
    }, patience);
  }

  async #ended(
    id: string,
    patience: Patience,
    onProgress: (progress: Progress) => void,
  ): Promise<Transcription> {
    for (;;) {
      const record = await withRetries(async () => {
        const params = { path: { id }, query: { wait: WAIT_SECONDS } };
        return dataOf(await this.api.GET("/v1/transcriptions/{id}", { params, signal: patience.signal }));
      }, patience);
      const { status, progress } = record;
      if (status !== "queued" && status !== "processing" && status !== "awaiting_upload") return record;
      // The event of an upload may be a moment behind it.
      onProgress({ stage: status === "processing" ? status : "queued", progress, id });
    }
  }

  #transcript(id: string, patience: Patience): Promise<Transcript> {
    return withRetries(async () => {
      const params = { path: { id }, query: { format: "json" as const } };
      const { signal } = patience;
      // A large one lies elsewhere: fetch goes there by itself, and leaves the key behind.
      const answer = await this.api.GET("/v1/transcriptions/{id}/transcript", { params, signal });
      return dataOf(answer) as Transcript;
    }, patience);
  }

  /** Nobody waits for it any more; where that cannot be said, it is transcribed in vain. */
  async #cancel(id: string): Promise<void> {
    await this.api.POST("/v1/transcriptions/{id}/cancel", { params: { path: { id } } }).catch(() => {});
  }
}

/** Throws ScriptoriumError where the answer is a problem. */
function dataOf<Data>({ data, error, response }: { data?: Data; error?: unknown; response: Response }): Data {
  if (data === undefined) throw new ScriptoriumError(response, error);
  return data;
}
