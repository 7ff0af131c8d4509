import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WorkerProcess } from "../../local/worker-process.ts";
import { DEFAULT_LIMITS } from "../../src/jobs/limits.ts";
import type { Log } from "../../src/jobs/ports/index.ts";
import { describeWithSmallDisk, smallDisk } from "../support/small-disk.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { call, callOk, ended, submit, upload } from "./support/client.ts";
import { BUNDLED_MODEL, startService } from "./support/local-service.ts";
import { receiveWebhooks } from "./support/webhook-receiver.ts";

const YES = new URL("../fixtures/utterances/slt-yes.wav", import.meta.url).pathname;
const JOBS = 5;

describeWithSmallDisk("a disk", () => {
  test("that is full: calls say so, and what was accepted is done once there is room", {
    timeout: 300_000,
  }, async () => {
    const { folder } = await smallDisk(4);
    const receiver = await receiveWebhooks();
    const service = await startService({ dataFolder: folder, worker: null });
    const awaiting = await callOk(service, "POST", "/v1/transcriptions", {});
    const ids: string[] = [];
    for (let job = 0; job < JOBS; job++)
      ids.push(await submit(service, YES, { webhook: { url: receiver.url } }));
    const filler = join(folder, "filler");
    await fill(filler);

    expect(await problem(await upload(awaiting, new Uint8Array(100_000)))).toEqual([507, "storage_full"]);
    expect(await problem(await createMany(service))).toEqual([507, "storage_full"]);
    expect((await callOk(service, "GET", `/v1/transcriptions/${ids[0]}`)).status).toMatch(/queued|awaiting/);
    const troubles = await startWorker(folder);
    await expect.poll(() => troubles.length, { timeout: 100_000 }).toBeGreaterThan(0);

    await rm(filler);
    for (const id of ids) expect(await ended(service, id, 120_000)).toMatchObject({ status: "completed" });
    await expect
      .poll(() => new Set(receiver.events.map(({ id }) => id)).size, { timeout: 100_000 })
      .toBe(JOBS);
    expect((await upload(awaiting, YES)).status).toBe(200);
  });

  test("that can only be read: uploads say so, results wait until it can be written to", {
    timeout: 300_000,
  }, async () => {
    const dataFolder = await temporaryFolder();
    const blobs = join(dataFolder, "blobs");
    await mkdir(blobs);
    const disk = await smallDisk(4, blobs);
    const service = await startService({ dataFolder, worker: null });
    const awaiting = await callOk(service, "POST", "/v1/transcriptions", {});
    const id = await submit(service, YES);
    disk.setReadOnly(true);

    expect(await problem(await upload(awaiting, YES))).toEqual([503, "storage_read_only"]);
    const troubles = await startWorker(dataFolder);
    await expect.poll(() => troubles.length, { timeout: 100_000 }).toBeGreaterThan(0);
    expect((await callOk(service, "GET", `/v1/transcriptions/${id}`)).status).toMatch(/queued|processing/);

    disk.setReadOnly(false);
    expect(await ended(service, id, 120_000)).toMatchObject({ status: "completed", error: null });
    expect((await upload(awaiting, YES)).status).toBe(200);
  });

  test("that can only be read keeps the service from starting, with a sentence", async () => {
    const disk = await smallDisk(4);
    const first = await startService({ dataFolder: disk.folder, worker: null });
    await first.close();
    disk.setReadOnly(true);
    await expect(startService({ dataFolder: disk.folder, worker: null })).rejects.toMatchObject({
      code: "storage_read_only",
    });
  });
});

/** One more worker; what it warns of is collected. */
async function startWorker(dataFolder: string): Promise<string[]> {
  const troubles: string[] = [];
  const note = (event: string) => void troubles.push(event);
  const log: Log = { info: () => {}, warn: note, error: note };
  const worker = await WorkerProcess.start({
    dataFolder,
    limits: DEFAULT_LIMITS,
    log,
    model: BUNDLED_MODEL,
    device: "cpu",
    visibilitySeconds: 2,
  });
  onTestFinished(() => worker.close());
  return troubles;
}

/** Until one is refused: some room may be left inside of the database itself. */
async function createMany(service: Parameters<typeof call>[0]): Promise<Response> {
  const metadata = { filler: "x".repeat(1000) };
  for (let tries = 0; ; tries++) {
    const answer = await call(service, "POST", "/v1/transcriptions", { metadata });
    if (answer.status !== 201 || tries === 5000) return answer;
  }
}

/** Leave not a byte. */
async function fill(path: string): Promise<void> {
  for (let bytes = 1 << 20; bytes >= 512; bytes >>= 1) {
    let written = true;
    while (written)
      written = await writeFile(path, new Uint8Array(bytes), { flag: "a" }).then(
        () => true,
        () => false,
      );
  }
}

async function problem(answer: Response): Promise<[number, string]> {
  return [answer.status, ((await answer.json()) as { code: string }).code];
}
