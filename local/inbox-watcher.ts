import { type FSWatcher, watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BlobFacts } from "../src/jobs/ports/index.ts";
import type { Services } from "../src/jobs/services.ts";
import { announceUpload } from "./recover-uploads.ts";

const PREFIX = "inbox/";
/** A file that has not changed for this long has been copied to its end, as far as anyone can tell. */
const QUIET_MS = 1000;
/** Looked through again even if nothing was announced: not every file system announces everything. */
const RESCAN_MS = 30_000;

/**
 * Sends an S3 event for each file that comes to inbox/{owner}/ in the service's bucket, once it has come to rest.
 * After a restart every file that lies there is announced again, which changes nothing for those that are known.
 */
export class InboxWatcher {
  readonly #services: Services;
  readonly #watcher: FSWatcher;
  readonly #announced = new Map<string, string>();
  #timer: { handle: NodeJS.Timeout; at: number } | null = null;
  #scanning: Promise<void> = Promise.resolve();
  #closed = false;

  /** Watch `folder`, the service's bucket on disk. */
  static async open(services: Services, folder: string): Promise<InboxWatcher> {
    const inbox = join(folder, PREFIX);
    await mkdir(inbox, { recursive: true });
    return new InboxWatcher(services, inbox);
  }

  private constructor(services: Services, inbox: string) {
    this.#services = services;
    this.#watcher = watch(inbox, { recursive: true }, () => this.#scanIn(QUIET_MS));
    // Watching is a help, not a need: the rescans find everything.
    this.#watcher.on("error", () => {});
    this.#scanIn(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watcher.close();
    if (this.#timer) clearTimeout(this.#timer.handle);
    await this.#scanning;
  }

  /** A scan that is to come sooner stays: files that keep coming must not keep putting it off. */
  #scanIn(ms: number): void {
    const at = performance.now() + ms;
    if (this.#closed || (this.#timer && this.#timer.at <= at)) return;
    if (this.#timer) clearTimeout(this.#timer.handle);
    const handle = setTimeout(() => {
      this.#timer = null;
      this.#scanning = this.#scanning
        .then(() => this.#scan())
        .catch((error: unknown) => {
          this.#services.log.error("inbox.failed", { error: String(error) });
          this.#scanIn(RESCAN_MS);
        });
    }, ms);
    this.#timer = { handle, at };
  }

  async #scan(): Promise<void> {
    const { blobs, bucket, clock } = this.#services;
    const present = new Set<string>();
    let restless = false;
    for await (const facts of blobs.list(bucket, PREFIX)) {
      if (this.#closed) return;
      present.add(facts.key);
      if (this.#announced.get(facts.key) === facts.etag) continue;
      if (clock.now() - Date.parse(facts.modifiedAt) < QUIET_MS) restless = true;
      else await this.#announce(facts);
    }
    for (const key of this.#announced.keys()) if (!present.has(key)) this.#announced.delete(key);
    this.#scanIn(restless ? QUIET_MS : RESCAN_MS);
  }

  async #announce(facts: BlobFacts): Promise<void> {
    await announceUpload(this.#services, facts);
    this.#announced.set(facts.key, facts.etag);
  }
}
