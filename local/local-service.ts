import type { HealthWarning } from "../functions/api/environment.ts";
import { makeEnqueueArchiveHandler } from "../functions/enqueue-archive/handler.ts";
import { type DeviceChoice, loadPack, type ModelFacts } from "../src/asr/index.ts";
import type { Limits } from "../src/jobs/limits.ts";
import type { Clock, Log } from "../src/jobs/ports/index.ts";
import { systemClock } from "../src/local/system-clock.ts";
import { type LocalAccess, openAccess } from "./access.ts";
import { openDataFolder, writeNote } from "./data-folder.ts";
import { HttpFrontDoor } from "./http-front-door.ts";
import { InboxWatcher } from "./inbox-watcher.ts";
import { BatchLister } from "./listing/lister.ts";
import { LocalWorker } from "./local-worker.ts";
import { type OpenedServices, openServices } from "./open-services.ts";
import { recoverUploads } from "./recover-uploads.ts";
import { SignIn } from "./sign-in.ts";
import { Sweeper } from "./sweeper.ts";
import { startTriggers, type Visibility } from "./triggers.ts";

export interface LocalServiceOptions {
  /** 0: any that is free. */
  port: number;
  /** Address to listen on; 127.0.0.1 by default. */
  host?: string;
  dataFolder: string;
  limits: Limits;
  /** Owners whose webhooks may go to this machine itself: see openServices. */
  localWebhooks?: readonly string[] | "*";
  log: Log;
  clock?: Clock;
  /** Folder of the model pack. */
  model: string;
  device: DeviceChoice;
  /** Null: recordings wait for workers of other processes. */
  worker: { concurrency?: number } | null;
  visibility?: Visibility;
}

/** Short, as heartbeats cost nothing here: a laptop that was switched off goes on soon after its start. */
const VISIBILITY: Visibility = { recordings: 15, webhooks: 30 };

/** The whole service in one process: API, uploads, queues, a worker, webhooks, batches. */
export class LocalService {
  readonly url: string;
  readonly access: LocalAccess;
  /** Opens the page, signed in, once. */
  readonly pageLink: string;
  /** Null where there is no worker here. */
  readonly model: ModelFacts | null;
  readonly #parts: readonly { close(): Promise<void> }[];
  readonly #opened: OpenedServices;

  private constructor(
    opened: OpenedServices,
    access: LocalAccess,
    url: string,
    pageLink: string,
    model: ModelFacts | null,
    parts: readonly { close(): Promise<void> }[],
  ) {
    this.#opened = opened;
    this.access = access;
    this.url = url;
    this.pageLink = pageLink;
    this.model = model;
    this.#parts = parts;
  }

  /** Throws PackError, EngineError, ServiceError port_taken, StorageReadOnlyError. */
  static async start(options: LocalServiceOptions): Promise<LocalService> {
    const { dataFolder, limits, log, clock = systemClock, visibility = VISIBILITY } = options;
    const note = await openDataFolder(dataFolder);
    const pack = await loadPack(options.model);
    // The parts below refer to each other; each is there by the time it is called.
    let frontDoor: HttpFrontDoor | null = null;
    let lister: BatchLister | null = null;
    const opened = openServices({
      dataFolder,
      limits,
      clock,
      log,
      model: pack.manifest,
      ...(options.localWebhooks && { localWebhooks: options.localWebhooks }),
      uploadSecret: Buffer.from(note.upload_secret, "base64"),
      baseUrl: () => frontDoor?.url ?? "",
      startListing: async (batchId) => lister?.start(batchId),
    });
    const { services, bucketFolder } = opened;
    const parts: { close(): Promise<void> }[] = [];
    try {
      const access = await openAccess(services, note);
      lister = new BatchLister({ services, enqueue: makeEnqueueArchiveHandler(services) });
      parts.push(lister);
      const { model, device } = options;
      const worker = options.worker
        ? await LocalWorker.start(services, {
            ...options.worker,
            dataFolder,
            model,
            device,
            visibilitySeconds: visibility.recordings,
          })
        : null;
      if (worker) parts.push(worker);
      parts.push(...startTriggers(opened, visibility), new Sweeper(services));
      parts.push(await InboxWatcher.open(services, bucketFolder));
      const signIn = new SignIn(access.key);
      frontDoor = await HttpFrontDoor.open(opened, { ...options, uploadSecret: note.upload_secret, signIn });
      parts.push(frontDoor);
      await writeNote(dataFolder, { ...note, ...access.note, url: frontDoor.url });
      await recoverUploads(services);
      await lister.resumeAll();
      await warn(opened);
      log.info("service.started", { url: frontDoor.url, data: dataFolder });
      const { url } = frontDoor;
      return new LocalService(opened, access, url, signIn.link(url), worker?.model ?? null, parts);
    } catch (error) {
      await closeAll(parts);
      opened.db.close();
      throw error;
    }
  }

  /** What of this machine keeps it from some of its work. Throws StorageReadOnlyError. */
  health(): Promise<HealthWarning[]> {
    return this.#opened.health.check();
  }

  /** Answer no more calls, finish or give back what is in hand, close the database. */
  async close(): Promise<void> {
    await closeAll(this.#parts);
    this.#opened.db.close();
  }
}

/** A service that cannot do all of its work says so when it starts; what it can do it does. */
async function warn({ health, services: { log } }: OpenedServices): Promise<void> {
  try {
    for (const { code, message } of await health.check()) log.warn(`service.${code}`, { message });
  } catch (error) {
    log.error("health.failed", { error: String(error) });
  }
}

/** Those opened last go first, so that the front door closes before what it leads to. */
async function closeAll(parts: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const part of parts.toReversed()) await part.close();
}
