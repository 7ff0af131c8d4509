import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Transcriber } from "../../../src/asr/index.ts";
import type { Blob, BlobRef, BlobStore } from "../../../src/jobs/ports/index.ts";
import { cancelTranscription } from "../../../src/jobs/use-cases/cancel-transcription.ts";
import { PACK } from "../../src/asr/golden.ts";
import { override } from "../../support/override.ts";
import { upload } from "./give.ts";
import { commands } from "./recordings.ts";
import { newWorld, settled, startWorker } from "./setting.ts";
import { BUCKET, messagesIn, OWNER, recordOf, type World } from "./world.ts";

let transcriber: Transcriber;
beforeAll(async () => {
  transcriber = await Transcriber.load(PACK, { device: "cpu" });
});
afterAll(() => transcriber.close());

const never = new Promise<never>(() => {});

/** Storage that does not answer, or that stops in the middle of an object. */
const STALLS: Record<string, (blobs: BlobStore) => BlobStore["get"]> = {
  "before it answers": () => () => never,
  "after the first bytes": (blobs) => async (ref) => {
    const { facts, body } = await blobs.get(ref);
    return { facts, body: halfOf(body) } satisfies Blob;
  },
};

async function* halfOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    yield piece;
    await never;
  }
}

/** Whether what was opened was closed again. */
async function* counted(body: AsyncIterable<Uint8Array>, closed: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    closed();
  }
}

const stalling = ({ services }: World, get: (blobs: BlobStore) => BlobStore["get"]) => ({
  ...services,
  blobs: override(services.blobs, { get: get(services.blobs) }),
});

describe.each(Object.entries(STALLS))("a worker whose storage stalls %s", (_, stall) => {
  it("gives the recording back when it has to go, as if it had never begun", async () => {
    const world = await newWorld();
    const { id } = await upload(world, await commands());
    const worker = startWorker(stalling(world, stall), transcriber);
    await expect.poll(async () => (await recordOf(world, id)).state).toBe("processing");
    expect(await worker.drain(0)).toEqual({ finished: 0, released: 1 });
    expect(await recordOf(world, id)).toMatchObject({ state: "queued", attempts: 0, lease: null });
    startWorker(world.services, transcriber);
    expect((await settled(world, [id]))[0]).toMatchObject({ state: "completed", attempts: 1 });
  });

  it("lets go of one that is canceled", async () => {
    const world = await newWorld();
    const { id } = await upload(world, await commands());
    const worker = startWorker(stalling(world, stall), transcriber);
    await expect.poll(async () => (await recordOf(world, id)).state).toBe("processing");
    await cancelTranscription(world.services, { owner: OWNER, keyId: "ke_1" }, id);
    await expect.poll(() => worker.idle).toBe(true);
    expect(await messagesIn(world.services.queues.transcribe)).toBe(0);
  });
});

it("closes what its storage opens after the recording was canceled", async () => {
  const world = await newWorld();
  const { id } = await upload(world, await commands());
  const answer = Promise.withResolvers<void>();
  const seen: string[] = [];
  const late = (blobs: BlobStore) => async (ref: BlobRef) => {
    await answer.promise;
    const { facts, body } = await blobs.get({ ...ref, key: "kept" });
    seen.push("opened");
    return { facts, body: counted(body, () => seen.push("closed")) } satisfies Blob;
  };
  const worker = startWorker(stalling(world, late), transcriber);
  await expect.poll(async () => (await recordOf(world, id)).state).toBe("processing");
  // The recording is gone by then: what is opened is another object.
  await world.services.blobs.put({ bucket: BUCKET, key: "kept" }, "RIFF");
  await cancelTranscription(world.services, { owner: OWNER, keyId: "ke_1" }, id);
  await expect.poll(() => worker.idle).toBe(true);
  answer.resolve();
  await expect.poll(() => seen).toEqual(["opened", "closed"]);
});
