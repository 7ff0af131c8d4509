import type { Api } from "../api/client.ts";
import type { Page, Transcription } from "../api/shapes.ts";
import { hasEnded, watch } from "../api/watch.ts";
import { untilVisible } from "../parts/visible.ts";
import { Store } from "../store.ts";

const PAGE = 25;

export interface Filters {
  status: string;
  fileName: string;
  /** `name=value`. */
  metadata: string;
  from: string;
  to: string;
  batchId: string;
}

export const NO_FILTERS: Filters = {
  status: "",
  fileName: "",
  metadata: "",
  from: "",
  to: "",
  batchId: "",
};

export interface Listed {
  items: Transcription[] | null;
  next: string | null;
  error: string | null;
}

/** The newest transcriptions that pass the filters, kept as they are in the service; older ones on request. */
export class TranscriptionList {
  readonly listed = new Store<Listed>({ items: null, next: null, error: null });
  readonly #api: Api;
  readonly #isSent: (id: string) => boolean;
  readonly #end = new AbortController();
  #filters: Filters;
  #older: Transcription[] = [];
  #wake = () => {};

  /** `isSent`: whether the recording of this one was sent from here; S3 tells the service of it a moment later. */
  constructor(api: Api, filters: Filters, isSent: (id: string) => boolean) {
    this.#api = api;
    this.#isSent = isSent;
    this.#filters = filters;
    watch(api, () => this.#look(), {
      signal: this.#end.signal,
      onWake: (wake) => (this.#wake = wake),
      untilVisible,
    });
  }

  /** Something has happened: do not wait for the next look. */
  wake(): void {
    this.#wake();
  }

  filter(filters: Filters): void {
    this.#filters = filters;
    this.#older = [];
    this.listed.set({ items: null, next: null, error: null });
    this.wake();
  }

  async more(): Promise<void> {
    const { next, items } = this.listed.value;
    if (!next || !items) return;
    const page = await this.#page(next);
    this.#older.push(...page.data);
    this.listed.change((listed) => ({ ...listed, items: [...items, ...page.data], next: page.next }));
  }

  close(): void {
    this.#end.abort();
  }

  async #look(): Promise<{ underWay: string | null }> {
    const filters = this.#filters;
    try {
      const page = await this.#page(null);
      if (filters !== this.#filters) return { underWay: null };
      const fresh = new Set(page.data.map(({ id }) => id));
      const older = this.#older.filter(({ id }) => !fresh.has(id));
      const { next } = this.#older.length > 0 ? this.listed.value : page;
      this.listed.set({ items: [...page.data, ...older], next, error: null });
      // The oldest one that is under way ends first, most likely.
      const working = page.data.filter(
        ({ id, status }) => !hasEnded(status) && (status !== "awaiting_upload" || this.#isSent(id)),
      );
      return { underWay: working.at(-1)?.id ?? null };
    } catch (error) {
      this.listed.change((listed) => ({ ...listed, error: (error as Error).message }));
      return { underWay: null };
    }
  }

  #page(after: string | null): Promise<Page<Transcription>> {
    const query = toQuery(this.#filters);
    query.set("limit", String(PAGE));
    if (after) query.set("after", after);
    return this.#api.get(`/v1/transcriptions?${query}`, { signal: this.#end.signal });
  }
}

/** Days are the reader's own; the API has times in UTC. */
export function toQuery({ status, fileName, metadata, from, to, batchId }: Filters): URLSearchParams {
  const query = new URLSearchParams();
  if (status) query.set("status", status);
  if (fileName.trim()) query.set("file_name", fileName.trim());
  // Until there is a name and =, it is still being typed.
  if (/^[^=]+=/.test(metadata.trim())) query.set("metadata", metadata.trim());
  if (from) query.set("created_after", new Date(`${from}T00:00:00`).toISOString());
  if (to) query.set("created_before", new Date(`${to}T23:59:59.999`).toISOString());
  if (batchId) query.set("batch_id", batchId);
  return query;
}
