import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addSourceFolder } from "../../local/sources.ts";
import { shareTranscribers } from "../support/shared-transcribers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { call, callOk, ended } from "./support/client.ts";
import { startService } from "./support/local-service.ts";
import { receiveWebhooks } from "./support/webhook-receiver.ts";

shareTranscribers();

const UTTERANCES = new URL("../fixtures/utterances/", import.meta.url).pathname;

test("a folder of old recordings becomes a folder of transcripts, once", async () => {
  const service = await startService();
  const receiver = await receiveWebhooks();
  const folder = await tapes();
  const bucket = await addSourceFolder(service.dataFolder, folder, "default");

  const batch = await callOk(service, "POST", "/v1/batches", {
    source: { bucket, prefix: "" },
    results: { place: "beside", formats: ["text", "srt"] },
    webhook: { url: receiver.url },
  });
  const done = await ended(service, batch.id);

  expect(done).toMatchObject({ status: "completed", progress: 1 });
  expect(done.counts).toMatchObject({
    total: 21,
    completed: 20,
    failed: 1,
    queued: 0,
    processing: 0,
    skipped: 0,
  });
  expect(await readFile(join(folder, "1990", "slt-yes.wav.txt"), "utf8")).toBe("Yes.\n");
  expect((await readdir(join(folder, "1990"))).filter((name) => name.endsWith(".srt"))).toHaveLength(20);

  await expect.poll(() => receiver.events.length).toBe(1);
  expect(receiver.events[0].event).toMatchObject({ type: "batch.completed", data: { id: batch.id } });

  const lines = await summary(service, batch.id);
  expect(lines.filter(({ status }) => status !== "left_out")).toHaveLength(21);
  expect(lines).toContainEqual(
    expect.objectContaining({
      source: `${bucket}/1990/slt-yes.wav`,
      status: "completed",
      duration: expect.any(Number),
    }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({
      source: `${bucket}/1991/broken.mp3`,
      status: "failed",
      error: expect.objectContaining({ code: expect.stringMatching(/unsupported_media|corrupt_media/) }),
    }),
  );

  const again = await callOk(service, "POST", "/v1/batches", { source: { bucket, prefix: "" } });
  expect((await ended(service, again.id)).counts).toMatchObject({ total: 21, skipped: 20, failed: 1 });
  const forced = await callOk(service, "POST", "/v1/batches", {
    source: { bucket, prefix: "1990/slt" },
    force: true,
  });
  const { counts } = await ended(service, forced.id);
  expect(counts).toMatchObject({ total: counts.completed, skipped: 0 });
});

test("a manifest names what is to be done", async () => {
  const service = await startService();
  const folder = await tapes();
  const bucket = await addSourceFolder(service.dataFolder, folder, "default");
  await writeFile(join(folder, "list.csv"), "key\n1990/slt-yes.wav\n1990/slt-go.wav\nnowhere.wav\n");
  const batch = await callOk(service, "POST", "/v1/batches", {
    source: { manifest: { bucket, key: "list.csv" }, format: "csv", bucket },
  });
  expect((await ended(service, batch.id)).counts).toMatchObject({ total: 3, completed: 2, failed: 1 });
  const listed = await callOk<{ data: object[] }>(service, "GET", `/v1/transcriptions?batch_id=${batch.id}`);
  expect(listed.data).toHaveLength(3);
});

test("a batch that is canceled ends, and begins nothing more", async () => {
  const service = await startService({ worker: null });
  const bucket = await addSourceFolder(service.dataFolder, await tapes(), "default");
  const batch = await callOk(service, "POST", "/v1/batches", { source: { bucket, prefix: "" } });
  await expect
    .poll(async () => (await callOk(service, "GET", `/v1/batches/${batch.id}`)).counts.total)
    .toBe(21);
  await callOk(service, "POST", `/v1/batches/${batch.id}/cancel`);
  const over = await ended(service, batch.id);
  expect(over).toMatchObject({ status: "canceled", counts: { total: 21, canceled: 21, completed: 0 } });
});

async function tapes(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(UTTERANCES, join(folder, "1990"), { recursive: true });
  await mkdir(join(folder, "1991"));
  await writeFile(join(folder, "1991", "broken.mp3"), "not a recording");
  await writeFile(join(folder, "1991", "label.txt"), "not meant to be one");
  return folder;
}

async function summary(service: Parameters<typeof call>[0], id: string): Promise<{ status: string }[]> {
  const text = await (await call(service, "GET", `/v1/batches/${id}/summary`)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
