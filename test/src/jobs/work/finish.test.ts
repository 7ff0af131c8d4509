import { describe, expect, it } from "vitest";
import type { BlobStore } from "../../../../src/jobs/ports/index.ts";
import { DEFAULT_OPTIONS } from "../../../../src/jobs/transcription.ts";
import { cancelTranscription } from "../../../../src/jobs/use-cases/cancel-transcription.ts";
import { deleteTranscription } from "../../../../src/jobs/use-cases/delete-transcription.ts";
import { afterEnd, claim, complete, fail } from "../../../../src/jobs/work/index.ts";
import { aBatch } from "../../../contract/records.ts";
import { override } from "../../../support/override.ts";
import { type ServiceWorld, serviceWorld } from "../../../support/service-world.ts";
import { speak, transcriptOf } from "../../formats/samples.ts";
import { HOLD, OTHER, read, stored } from "./records.ts";

const TRANSCRIPT = transcriptOf([{ words: speak("ONE TWO") }]);
const ERROR = { code: "no_audio", message: "The file is empty." };

/** An upload and an item of a batch, both claimed. */
async function claimedItem(world: ServiceWorld) {
  const { services } = world;
  const batch = aBatch({ results: { place: "batch", formats: ["text", "vtt"] } });
  await services.store.createBatch(batch, { now: batch.createdAt });
  const options = { ...DEFAULT_OPTIONS, formats: ["srt" as const] };
  const { id, source, owner } = await stored(services, { batchId: batch.id, options });
  await services.blobs.put(source, "bytes");
  const claimed = await claim(services, id, HOLD, 60);
  if (claimed.kind !== "claimed") throw new Error(claimed.kind);
  const keys = async () => (await Array.fromAsync(services.blobs.list("service", ""))).map(({ key }) => key);
  const counts = async () => (await services.store.getBatch(batch.id))!.counts;
  return { id, batch, source, record: claimed.record, caller: { owner, keyId: "ke_1" }, keys, counts };
}

describe("completing a transcription", () => {
  it("twice, as after a crash, changes nothing", async () => {
    const world = await serviceWorld();
    const { id, record, counts, keys } = await claimedItem(world);
    expect(await complete(world.services, record, HOLD, TRANSCRIPT)).toBe(true);
    const [once, stood] = [await read(world.services, id), await keys()];
    expect(await complete(world.services, record, HOLD, TRANSCRIPT)).toBe(false);
    expect(await read(world.services, id)).toEqual(once);
    expect(await keys()).toEqual(stood);
    expect(await counts()).toMatchObject({ processing: 0, completed: 1 });
    expect(world.counted).toEqual(["completed", "transcribed"]);
  });

  it.each([0, 1, 2, 3, 4])(
    "leaves nothing of one that is deleted before write %i of its results",
    async (when) => {
      const world = await serviceWorld();
      const { id, record, caller, keys, counts } = await claimedItem(world);
      let writes = 0;
      const put: BlobStore["put"] = async (...given) => {
        if (writes++ === when) await deleteTranscription(world.services, caller, id);
        return world.services.blobs.put(...given);
      };
      const services = { ...world.services, blobs: override(world.services.blobs, { put }) };
      const done = await complete(services, record, HOLD, TRANSCRIPT);
      if (done) await deleteTranscription(world.services, caller, id);
      expect(writes).toBe(4);
      expect(done).toBe(when >= 4);
      expect(await keys()).toEqual([]);
      expect(await counts()).toMatchObject({ processing: 0, completed: 0, deleted: 1 });
    },
  );

  it("yields to a cancel that came first, and leaves no result", async () => {
    const world = await serviceWorld();
    const { id, record, caller, keys, source, counts } = await claimedItem(world);
    await cancelTranscription(world.services, caller, id);
    expect(await complete(world.services, record, HOLD, TRANSCRIPT)).toBe(false);
    expect(await read(world.services, id)).toMatchObject({ state: "canceled", results: [] });
    expect(await keys()).toEqual([source.key]);
    expect(await counts()).toMatchObject({ canceled: 1, completed: 0 });
  });

  it("leaves the result alone where another worker has it by now", async () => {
    const world = await serviceWorld();
    const { id, record, keys } = await claimedItem(world);
    world.clock.advance(60);
    await claim(world.services, id, OTHER, 60);
    expect(await complete(world.services, record, HOLD, TRANSCRIPT)).toBe(false);
    expect(await keys()).toContain(`results/${id}.json`);
    expect(await complete(world.services, record, OTHER, TRANSCRIPT)).toBe(true);
  });

  it("gives what it was made of a key by which it is found again", async () => {
    const world = await serviceWorld();
    const { id } = await stored(world.services, { sourceEtag: "an etag" });
    const claimed = await claim(world.services, id, HOLD, 60);
    if (claimed.kind !== "claimed") throw new Error(claimed.kind);
    await complete(world.services, claimed.record, HOLD, TRANSCRIPT);
    const { doneKey } = await read(world.services, id);
    expect(await world.services.store.findDone(doneKey!)).toBe(id);
  });
});

describe("failing a transcription", () => {
  it("is for the worker that holds it alone", async () => {
    const world = await serviceWorld();
    const { id, counts } = await claimedItem(world);
    expect(await fail(world.services, id, OTHER, ERROR)).toBe(false);
    expect(await fail(world.services, id, HOLD, ERROR)).toBe(true);
    expect(await fail(world.services, id, HOLD, ERROR)).toBe(false);
    expect(await read(world.services, id)).toMatchObject({ state: "failed", error: ERROR, lease: null });
    expect(await counts()).toMatchObject({ processing: 0, failed: 1 });
    expect(world.counted).toEqual(["failed no_audio"]);
  });
});

describe("after the end", () => {
  it("of one that is not at its end, nothing follows", async () => {
    const world = await serviceWorld();
    const { id, keys, source } = await claimedItem(world);
    await afterEnd(world.services, await read(world.services, id));
    expect(await keys()).toEqual([source.key]);
  });
});
