import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { seededRandom } from "../../bench/random.ts";
import { addSourceFolder } from "../../local/sources.ts";
import { freePort } from "../support/free-port.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { call, callOk, type Deployment, ended, type Resource } from "./support/client.ts";
import { BUNDLED_MODEL } from "./support/local-service.ts";
import { receiveWebhooks } from "./support/webhook-receiver.ts";

const PROCESS = new URL("./support/service-process.ts", import.meta.url).pathname;
const UTTERANCES = new URL("../fixtures/utterances/", import.meta.url).pathname;
const KILLS = 10;
const UPLOADS = 30;
const SEED = 20_240_416;
/** What kills have met too often waits a minute. */
const LONG_MS = 150_000;

test("killed ten times, the service loses nothing and counts nothing twice", {
  timeout: 400_000,
}, async () => {
  const service = await MortalService.start();
  const receiver = await receiveWebhooks();
  const bucket = await addSourceFolder(service.dataFolder, UTTERANCES, "default");
  const files = (await readdir(UTTERANCES)).sort();

  const app = submitAll(service, files, receiver.url);
  const batch = retried(() =>
    callOk(service, "POST", "/v1/batches", {
      source: { bucket, prefix: "" },
      webhook: { url: receiver.url },
    }),
  );
  const random = seededRandom(SEED);
  for (let kills = 0; kills < KILLS; kills++) {
    await pause(100 + random() * 900);
    await service.killAndRestart();
  }
  const ids = await app;
  const batchId = (await batch).id;

  const jobs = await Promise.all(ids.map((id) => retried(() => ended(service, id, LONG_MS))));
  expect(jobs.filter(({ status }) => status === "failed")).toHaveLength(UPLOADS / 10);
  expect(jobs.filter(({ status }) => status === "completed")).toHaveLength(UPLOADS - UPLOADS / 10);
  const { counts, status } = await ended(service, batchId, LONG_MS);
  expect(status).toBe("completed");
  expect(counts).toMatchObject({
    total: files.length,
    completed: files.length,
    queued: 0,
    processing: 0,
    failed: 0,
  });
  const listed = await callOk<{ data: Resource[] }>(
    service,
    "GET",
    `/v1/transcriptions?batch_id=${batchId}&limit=100`,
  );
  expect(new Set(listed.data.map(({ id }) => id)).size).toBe(files.length);

  const subjects = () => new Set(receiver.events.map(({ event }) => event.data.id));
  await expect
    .poll(() => [...ids, batchId].filter((id) => !subjects().has(id)), { timeout: 100_000 })
    .toEqual([]);
  // Recordings that the killed ones were reading are gone with them.
  expect(await readdir(join(service.dataFolder, "spool"))).toHaveLength(1);
  const eventIds = Map.groupBy(receiver.events, ({ event }) => event.data.id);
  for (const events of eventIds.values()) expect(new Set(events.map(({ id }) => id)).size).toBe(1);
});

/** Every tenth upload is no recording. A call that the service's death cut off is made again, with the same key. */
async function submitAll(service: Deployment, files: readonly string[], webhook: string): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < UPLOADS; index++) {
    const bytes =
      index % 10 === 9
        ? Buffer.from("no recording")
        : await readFile(join(UTTERANCES, files[index % files.length]));
    const body = { webhook: { url: webhook }, metadata: { index: String(index) } };
    ids.push(
      await retried(async () => {
        const headers = { "idempotency-key": `job-${index}` };
        const answer = await call(service, "POST", "/v1/transcriptions", body, headers);
        const { id, upload } = (await answer.json()) as Resource;
        // Without an upload it is past that already.
        const stored =
          upload && (await fetch(upload.url, { method: "PUT", headers: upload.headers, body: bytes }));
        if (stored && stored.status !== 200 && stored.status !== 412) throw new Error(await stored.text());
        return id;
      }),
    );
  }
  return ids;
}

/** Until the service is up again. */
async function retried<Result>(action: () => Promise<Result>): Promise<Result> {
  for (let tries = 0; ; tries++) {
    try {
      return await action();
    } catch (error) {
      // fetch tells of a refused or broken connection by a TypeError.
      if (!(error instanceof TypeError) || tries === 600) throw error;
      await pause(100);
    }
  }
}

class MortalService implements Deployment {
  readonly dataFolder: string;
  readonly #port: number;
  #process: ChildProcess | null = null;
  url = "";
  access = { key: "" };

  private constructor(dataFolder: string, port: number) {
    this.dataFolder = dataFolder;
    this.#port = port;
  }

  static async start(): Promise<MortalService> {
    const service = new MortalService(await temporaryFolder(), await freePort());
    onTestFinished(async () => service.#kill());
    await service.#spawn();
    return service;
  }

  async killAndRestart(): Promise<void> {
    await this.#kill();
    await this.#spawn();
  }

  async #kill(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    running.kill("SIGKILL");
    await once(running, "exit");
  }

  async #spawn(): Promise<void> {
    this.#process = spawn(process.execPath, [PROCESS, this.dataFolder, String(this.#port), BUNDLED_MODEL], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(this.#process.stdout!, "data");
    const { url, key } = JSON.parse(String(line));
    this.url = url;
    this.access = { key };
  }
}
