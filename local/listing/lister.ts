import { setTimeout as delay } from "node:timers/promises";
import type { EnqueueArchiveHandler } from "../../functions/enqueue-archive/handler.ts";
import { isBatchOver } from "../../src/jobs/batch.ts";
import { advanceListing, failListing, finishListing } from "../../src/jobs/batches/finish-listing.ts";
import { settleBatch } from "../../src/jobs/batches/settle.ts";
import { BlobNotFoundError, ServiceError } from "../../src/jobs/errors.ts";
import type { Services } from "../../src/jobs/services.ts";
import { ManifestError } from "./errors.ts";
import { readSource } from "./read-source.ts";

export interface BatchListerOptions {
  services: Services;
  enqueue: EnqueueArchiveHandler;
  /** Items of one call of `enqueue`. */
  pageSize?: number;
  /** How long to wait after each failure in a row, milliseconds; after one more the batch is given up. */
  retryDelaysMs?: readonly number[];
}

const PAGE_SIZE = 500;
const RETRY_DELAYS_MS = [1000, 5000, 15_000, 30_000, 60_000, 60_000, 120_000, 300_000];
/** Batches that are read side by side; the others wait for their turn. */
const MOST_AT_ONCE = 4;

/**
 * Reads the sources of batches and has their items queued, page by page: what the Distributed Map of Step Functions
 * does on AWS. After a crash it goes on where it was; what is queued twice counts once.
 */
export class BatchLister {
  readonly #options: Required<BatchListerOptions>;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: BatchListerOptions) {
    this.#options = { pageSize: PAGE_SIZE, retryDelaysMs: RETRY_DELAYS_MS, ...options };
  }

  /** Read this batch's source soon, from where it was left. Without effect where it is being read, or after `close`. */
  start(batchId: string): void {
    if (this.#closing.signal.aborted || this.#running.has(batchId)) return;
    this.#waiting.add(batchId);
    this.#fill();
  }

  /** Go on with every batch that a crash left behind, and end those that only lack their end. */
  async resumeAll(): Promise<void> {
    const { store } = this.#options.services;
    for (const { id, listing } of await store.openBatches()) {
      if (listing.done) await settleBatch(this.#options.services, id);
      else this.start(id);
    }
  }

  /** Stop after the pages in hand. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiting.clear();
    await Promise.all(this.#running.values());
  }

  #fill(): void {
    for (const id of this.#waiting) {
      if (this.#running.size >= MOST_AT_ONCE) return;
      this.#waiting.delete(id);
      const done = this.#persist(id).finally(() => {
        this.#running.delete(id);
        this.#fill();
      });
      this.#running.set(id, done);
    }
  }

  /** Never fails: what cannot be mended by waiting fails the batch. */
  async #persist(id: string): Promise<void> {
    const { services, retryDelaysMs } = this.#options;
    let failures = 0;
    const onProgress = () => {
      failures = 0;
    };
    while (!this.#closing.signal.aborted) {
      try {
        return await this.#list(id, onProgress);
      } catch (error) {
        const last = isLasting(error) || failures >= retryDelaysMs.length;
        services.log.error("batch.listing_failed", { id, error: String(error), last });
        if (last) return this.#giveUp(id, error);
        await this.#pause(retryDelaysMs[failures++]);
      }
    }
  }

  async #list(id: string, onProgress: () => void): Promise<void> {
    const { services, enqueue, pageSize } = this.#options;
    const batch = await services.store.getBatch(id);
    if (!batch || isBatchOver(batch.state)) return;
    let cursor = batch.listing.cursor;
    const pages = batch.state === "listing" ? readSource(services, batch, pageSize) : [];
    for await (const page of pages) {
      if (this.#closing.signal.aborted) return;
      await enqueue({ BatchInput: { batch_id: id }, Items: page.items });
      // Canceled, or another process reads it too: see how it stands now.
      if (!(await advanceListing(services, id, cursor, page.cursor))) return this.#list(id, onProgress);
      cursor = page.cursor;
      onProgress();
    }
    await finishListing(services, id);
  }

  async #giveUp(id: string, error: unknown): Promise<void> {
    const { services } = this.#options;
    try {
      await failListing(services, id, describe(error));
    } catch (failure) {
      // It stays as it is, and is taken up again when the service starts the next time.
      services.log.error("batch.stuck", { id, error: String(failure) });
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#closing;
    await delay(milliseconds, undefined, { signal }).catch(() => {});
  }
}

function isLasting(error: unknown): boolean {
  return error instanceof ManifestError || error instanceof BlobNotFoundError;
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof ServiceError) return { code: error.code, message: error.message };
  return { code: "internal_error", message: "The source of the batch could not be read to its end." };
}
