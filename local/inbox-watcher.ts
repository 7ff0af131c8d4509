import { type FSWatcher, watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BlobFacts } from "../src/jobs/ports/index.ts";
import type { Services } from "../src/jobs/services.ts";
import { announceUpload } from "./recover-uploads.ts";

const PREFIX = "inbox/";
/** From one look to the next while a file may still be on its way. */
const LOOK_MS = 1000;
/**
 * A file that looks the same for this long has been copied to its end, as far as anyone can tell; one that was seen to
 * grow may pause for longer. Dates alone tell nothing: they may be of another clock, or in the future.
 */
const CALM_MS = 5000;
const CALM_AFTER_GROWTH_MS = 15_000;
/** Nobody copies into a file with such an old date: it was moved here, or has lain here. */
const OLD_MS = 60_000;
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
  /** Files that are not announced yet, as they looked when they last changed. */
  readonly #coming = new Map<string, { etag: string; since: number; grew: boolean }>();
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
    this.#watcher = watch(inbox, { recursive: true }, () => this.#scanIn(LOOK_MS));
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
    const { blobs, bucket } = this.#services;
    const present = new Set<string>();
    let restless = false;
    for await (const facts of blobs.list(bucket, PREFIX)) {
      if (this.#closed) return;
      present.add(facts.key);
      if (this.#announced.get(facts.key) === facts.etag) continue;
      if (this.#hasCome(facts)) await this.#announce(facts);
      else restless = true;
    }
    for (const key of this.#coming.keys()) if (!present.has(key)) this.#coming.delete(key);
    for (const key of this.#announced.keys()) if (!present.has(key)) this.#announced.delete(key);
    this.#scanIn(restless ? LOOK_MS : RESCAN_MS);
  }

  /** Whether nothing more of it is to come, by what it looked like before. */
  #hasCome({ key, etag, modifiedAt }: BlobFacts): boolean {
    const now = this.#services.clock.now();
    const before = this.#coming.get(key);
    const changed = before !== undefined && before.etag !== etag;
    const seen = before && !changed ? before : { etag, since: now, grew: changed };
    this.#coming.set(key, seen);
    if (seen.grew) return now - seen.since >= CALM_AFTER_GROWTH_MS;
    return now - Date.parse(modifiedAt) >= OLD_MS || now - seen.since >= CALM_MS;
  }

  async #announce(facts: BlobFacts): Promise<void> {
    await announceUpload(this.#services, facts);
    this.#announced.set(facts.key, facts.etag);
    this.#coming.delete(facts.key);
  }
}
