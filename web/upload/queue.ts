import { type Api, CallError, randomKey } from "../api/client.ts";
import type { Transcription, UploadInParts } from "../api/shapes.ts";
import { Store } from "../store.ts";
import { fingerprint, PARTS_FROM_BYTES, sendParts } from "./parts.ts";
import { put } from "./put.ts";

/** Uploads at once. A browser opens six connections to a service, and the list wants its own. */
const LANES = 3;
const TRIES = 4;
const RETRY_MS = 1000;

export interface UploadItem {
  key: string;
  name: string;
  url: string | null;
  /** Members of the create request. */
  options: Record<string, unknown>;
  /** Bytes; 0 for a URL, which the service fetches itself. */
  size: number;
  sent: number;
  state: "waiting" | "sending" | "done" | "failed" | "canceled";
  /** Of the transcription, once there is one. */
  id: string | null;
  error: string | null;
}

interface Job {
  file: File | null;
  url: string | null;
  options: Record<string, unknown>;
  cancel: AbortController;
}

/** Recordings on their way to the service: a few at once, each of which can be given up or tried again. */
export class UploadQueue {
  readonly items = new Store<UploadItem[]>([]);
  readonly #api: Api;
  readonly #jobs = new Map<string, Job>();
  #busy = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  addFiles(files: readonly File[], options: Record<string, unknown>): void {
    for (const file of files) this.#add(file.name, file.size, { file, url: null, options });
  }

  addUrl(url: string, options: Record<string, unknown>): void {
    this.#add(url, 0, { file: null, url, options });
  }

  cancel(key: string): void {
    this.#jobs.get(key)?.cancel.abort();
    this.#change(key, ({ state }) => (state === "waiting" ? { state: "canceled" } : {}));
  }

  /** From the beginning, as a new transcription; in parts, from where it broke. */
  retry(key: string): void {
    const job = this.#jobs.get(key);
    if (!job) return;
    this.#jobs.set(key, { ...job, cancel: new AbortController() });
    this.#change(key, () => ({ state: "waiting", sent: 0, error: null, id: null }));
    this.#next();
  }

  /** Those that are over need no line any more. */
  clear(): void {
    this.items.change((items) => items.filter(({ state }) => state === "waiting" || state === "sending"));
  }

  /** When the page is left. */
  close(): void {
    for (const { cancel } of this.#jobs.values()) cancel.abort();
  }

  #add(name: string, size: number, job: Omit<Job, "cancel">): void {
    const key = randomKey();
    this.#jobs.set(key, { ...job, cancel: new AbortController() });
    const { url, options } = job;
    const item: UploadItem = {
      key,
      name,
      url,
      options,
      size,
      sent: 0,
      state: "waiting",
      id: null,
      error: null,
    };
    this.items.change((items) => [...items, item]);
    this.#next();
  }

  #next(): void {
    while (this.#busy < LANES) {
      const item = this.items.value.find(({ state }) => state === "waiting");
      if (!item) return;
      this.#busy++;
      this.#change(item.key, () => ({ state: "sending" }));
      this.#run(item).finally(() => {
        this.#busy--;
        this.#next();
      });
    }
  }

  async #run({ key, size }: UploadItem): Promise<void> {
    const job = this.#jobs.get(key)!;
    const { signal } = job.cancel;
    try {
      const created = (await this.#begun(job)) ?? (await this.#create(job));
      this.#change(key, () => ({ id: created.id }));
      if (job.file) await this.#send(key, created, job.file, signal);
      this.#change(key, () => ({ state: "done", sent: size }));
    } catch (error) {
      const state = signal.aborted ? "canceled" : "failed";
      this.#change(key, () => ({ state, error: signal.aborted ? null : (error as Error).message }));
      // Parts wait for days; a person who cancels does not go on with them.
      if (signal.aborted && job.file) localStorage.removeItem(fingerprint(job.file));
      if (signal.aborted || !inParts(job.file)) await this.#giveUp(key);
    }
  }

  /** One in parts that this browser began before, if the service still waits for it. */
  async #begun({ file }: Job): Promise<Pick<Transcription, "id" | "upload"> | null> {
    const id = inParts(file) ? localStorage.getItem(fingerprint(file)) : null;
    if (!id) return null;
    const upload = this.#api.get<UploadInParts>(`/v1/transcriptions/${id}/upload`);
    return upload.then(
      (found) => ({ id, upload: found }),
      () => null,
    );
  }

  async #create({ file, url, options }: Job): Promise<Transcription> {
    const source = file
      ? {
          file_name: file.name.slice(0, 255),
          ...(MEDIA.test(file.type) && { content_type: file.type }),
          ...(inParts(file) && { upload: { size: file.size } }),
        }
      : { source: { url } };
    const headers = { "idempotency-key": randomKey() };
    const body = { ...source, ...options };
    const created = await again(() => this.#api.post<Transcription>("/v1/transcriptions", { body, headers }));
    if (inParts(file)) localStorage.setItem(fingerprint(file), created.id);
    return created;
  }

  async #send(
    key: string,
    { id, upload }: Pick<Transcription, "id" | "upload">,
    file: File,
    signal: AbortSignal,
  ): Promise<void> {
    const onProgress = (sent: number) => this.#change(key, () => ({ sent }));
    if (!upload) return;
    if ("parts" in upload) {
      const putPart = (url: string, content: Blob, onSent: (sent: number) => void) =>
        again(() => put({ url, headers: {} }, content, { signal, onProgress: onSent }));
      await sendParts(upload, file, { put: putPart, onProgress });
      await again(() => this.#api.post(`/v1/transcriptions/${id}/upload`));
      localStorage.removeItem(fingerprint(file));
      return;
    }
    await again(() => put(upload, file, { signal, onProgress })).catch((error: unknown) => {
      // The first try came through, and its answer did not.
      if (!(error instanceof CallError && error.status === 412)) throw error;
    });
  }

  /** Nothing is to wait for a recording that does not come. */
  async #giveUp(key: string): Promise<void> {
    const { id } = this.items.value.find((item) => item.key === key) ?? {};
    if (id) await this.#api.post(`/v1/transcriptions/${id}/cancel`).catch(() => {});
  }

  #change(key: string, change: (item: UploadItem) => Partial<UploadItem>): void {
    this.items.change((items) =>
      items.map((item) => (item.key === key ? { ...item, ...change(item) } : item)),
    );
  }
}

function inParts(file: File | null): file is File {
  return file !== null && file.size >= PARTS_FROM_BYTES;
}

const MEDIA = /^(audio|video)\/[\w.+-]+$/;

/** What may go better the next time is tried again: broken connections, and a service in trouble. */
async function again<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const passing =
        error instanceof CallError && (error.status === 0 || error.status === 429 || error.status >= 500);
      if (!passing || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * 2 ** (tries - 1)));
    }
  }
}
