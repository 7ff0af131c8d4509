import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openDataFolder } from "../../local/data-folder.ts";
import { HttpFrontDoor } from "../../local/http-front-door.ts";
import { silentLog } from "../../local/log.ts";
import { type OpenedServices, openServices } from "../../local/open-services.ts";
import { loadPack } from "../../src/asr/pack/load-pack.ts";
import { DEFAULT_LIMITS } from "../../src/jobs/limits.ts";
import type { SignedUpload } from "../../src/jobs/ports/index.ts";
import { cancelTranscription } from "../../src/jobs/use-cases/cancel-transcription.ts";
import {
  type CreatedTranscription,
  createTranscription,
} from "../../src/jobs/use-cases/create-transcription.ts";
import { deleteTranscription } from "../../src/jobs/use-cases/delete-transcription.ts";
import { sweep } from "../../src/jobs/use-cases/sweep.ts";
import { acceptMessage } from "../../src/jobs/work/accept.ts";
import { ManualClock } from "../src/local/manual-clock.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { transcriptionRequest } from "../support/transcription-request.ts";

const CALLER = { owner: "ann", keyId: "ke_1" };
let opened: OpenedServices;
let clock: ManualClock;

beforeEach(async () => {
  const dataFolder = await temporaryFolder();
  const { upload_secret: uploadSecret } = await openDataFolder(dataFolder);
  clock = new ManualClock();
  let door: HttpFrontDoor | null = null;
  opened = openServices({
    dataFolder,
    limits: DEFAULT_LIMITS,
    clock,
    log: silentLog,
    model: (await loadPack("models/u2pp-moe-en-41m")).manifest,
    uploadSecret: Buffer.from(uploadSecret, "base64"),
    baseUrl: () => door?.url ?? "",
    startListing: async () => {},
  });
  door = await HttpFrontDoor.open(opened, { port: 0, uploadSecret });
  onTestFinished(async () => {
    await door.close();
    opened.db.close();
  });
});

/** An upload of which the first half has arrived. */
async function beginUpload() {
  const created = await createTranscription(opened.services, CALLER, transcriptionRequest(), null);
  const { url, headers } = created.upload as SignedUpload;
  const { hostname, port, pathname, search } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const lines = { Host: hostname, "Content-Length": "8", Connection: "close", ...headers };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\n${head.join("")}\r\n`);
  socket.write("RIFF");
  // It has begun once there is a file to write it into.
  const begun = () => readdir(join(opened.bucketFolder, ".tmp")).catch(() => []);
  await expect.poll(begun).toHaveLength(1);
  return { ...created, socket, finish: () => finish(created, socket) };
}

async function finish({ record }: CreatedTranscription, socket: ReturnType<typeof connect>) {
  const answer = text(socket);
  socket.write("WAVE");
  const [head, body] = (await answer).split("\r\n\r\n");
  const stored = await opened.services.blobs.head(record.source);
  return { status: Number(head.split(" ")[1]), body: JSON.parse(body), stored: stored !== null };
}

/** What waits to be worked on, accepted as a worker does. */
async function accepted(): Promise<string[]> {
  const { transcribe } = opened.services.queues;
  const messages = await transcribe.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 60 });
  return (await Promise.all(messages.map(({ body }) => acceptMessage(opened.services, body)))).flat();
}

test.each([2, 30])("an upload that takes %i hours is answered 200 and queued", async (hours) => {
  const { record, finish } = await beginUpload();
  clock.advance(hours * 3600);
  await sweep(opened.services);
  expect(await finish()).toEqual({ status: 200, body: {}, stored: true });
  expect(await accepted()).toEqual([record.id]);
  expect(await opened.services.store.getTranscription(record.id)).toMatchObject({ state: "queued" });
});

test("an upload to what was deleted meanwhile is not answered 200, and not kept", async () => {
  const { record, finish } = await beginUpload();
  await deleteTranscription(opened.services, CALLER, record.id);
  expect(await finish()).toMatchObject({ status: 410, body: { code: "deleted" }, stored: false });
  expect(await accepted()).toEqual([]);
});

test("an upload to what was canceled meanwhile is not answered 200, and not kept", async () => {
  const { record, finish } = await beginUpload();
  await cancelTranscription(opened.services, CALLER, record.id);
  expect(await finish()).toMatchObject({ status: 409, body: { code: "not_awaited" }, stored: false });
  expect(await accepted()).toEqual([]);
});
