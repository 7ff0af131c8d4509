import { describe, expect, it } from "vitest";
import { cancelTranscription } from "../../../../src/jobs/use-cases/cancel-transcription.ts";
import { claim, giveBack, renew, saveProgress, stillHeld } from "../../../../src/jobs/work/index.ts";
import { aBatch } from "../../../contract/records.ts";
import { serviceWorld } from "../../../support/service-world.ts";
import { HOLD, OTHER, read, stored, waiting } from "./records.ts";

const SAME_MESSAGE = { worker: OTHER.worker, messageId: HOLD.messageId };

describe("claiming a transcription", () => {
  it("gives it to one of many who try at once", async () => {
    const { services } = await serviceWorld();
    const { id } = await stored(services);
    const holds = Array.from({ length: 20 }, (_, index) => ({
      worker: `worker-${index}`,
      messageId: `${index}`,
    }));
    const claims = await Promise.all(holds.map((hold) => claim(services, id, hold, 60)));
    expect(claims.map(({ kind }) => kind).sort()).toEqual(["claimed", ...Array(19).fill("duplicate")]);
    expect(await read(services, id)).toMatchObject({ state: "processing", attempts: 1 });
  });

  it("tells a duplicate message from the same message come back", async () => {
    const { services, clock } = await serviceWorld();
    const { id } = await stored(services);
    await claim(services, id, HOLD, 60);
    clock.advance(20.5);
    expect(await claim(services, id, OTHER, 60)).toEqual({ kind: "duplicate" });
    expect(await claim(services, id, SAME_MESSAGE, 60)).toEqual({ kind: "busy", seconds: 40 });
  });

  it("takes over from a worker whose lease is over, who then has it no more", async () => {
    const { services, clock } = await serviceWorld();
    const { id } = await stored(services);
    await claim(services, id, HOLD, 60);
    const { times } = await read(services, id);
    clock.advance(60);
    expect(await claim(services, id, SAME_MESSAGE, 60)).toMatchObject({
      kind: "claimed",
      record: { attempts: 2, lease: SAME_MESSAGE, times },
    });
    expect(await stillHeld(services, id, HOLD)).toBe(false);
    expect(await renew(services, id, HOLD, { leaseSeconds: 60, progress: 1 })).toBe(false);
    expect(await saveProgress(services, id, HOLD, 1)).toBe(false);
    await giveBack(services, id, HOLD);
    expect(await read(services, id)).toMatchObject({ state: "processing", attempts: 2, progress: 0 });
  });

  it("gives one up that was begun too often, with a webhook, whatever its message", async () => {
    const { services, clock } = await serviceWorld({ attempts: 2 });
    const webhook = { url: "https://example.com/", eventId: "ev_1", state: "waiting" as const };
    const { id } = await stored(services, {
      webhook: { ...webhook, attemptCount: 0, attempts: [], nextAttemptAt: null, redeliveredFrom: null },
    });
    for (let attempt = 1; attempt <= 2; attempt++) {
      expect(await claim(services, id, HOLD, 60)).toMatchObject({ kind: "claimed" });
      clock.advance(60);
    }
    expect(await claim(services, id, OTHER, 60)).toEqual({ kind: "given_up" });
    const record = await read(services, id);
    expect(record).toMatchObject({
      state: "failed",
      attempts: 2,
      lease: null,
      error: { code: "internal_error" },
    });
    expect(record.webhook).toMatchObject({ state: "pending", eventId: "ev_1" });
    expect(await waiting(services, "webhooks")).toHaveLength(1);
    expect(await claim(services, id, HOLD, 60)).toMatchObject({ kind: "ended", record: { state: "failed" } });
  });

  it("gives none up that is still being worked on, however often it was begun", async () => {
    const { services, clock } = await serviceWorld({ attempts: 1 });
    const { id } = await stored(services);
    await claim(services, id, HOLD, 60);
    clock.advance(59);
    expect(await claim(services, id, OTHER, 60)).toEqual({ kind: "duplicate" });
    expect(await stillHeld(services, id, HOLD)).toBe(true);
  });

  it("tells of what has ended, and of what is not there or awaits its upload", async () => {
    const { services } = await serviceWorld();
    const { id, owner } = await stored(services);
    await cancelTranscription(services, { owner, keyId: "ke_1" }, id);
    expect(await claim(services, id, HOLD, 60)).toMatchObject({
      kind: "ended",
      record: { state: "canceled" },
    });
    const awaiting = await stored(services, { state: "awaiting_upload" });
    expect(await claim(services, awaiting.id, HOLD, 60)).toEqual({ kind: "unknown" });
    expect(await claim(services, `tr_${"f".repeat(32)}`, HOLD, 60)).toEqual({ kind: "unknown" });
  });

  it("cancels instead where its batch was canceled", async () => {
    const { services } = await serviceWorld();
    const batch = aBatch();
    await services.store.createBatch(batch, { now: batch.createdAt });
    const { id } = await stored(services, { batchId: batch.id });
    const listing = (await services.store.getBatch(batch.id))!;
    await services.store.saveBatch(listing, {
      ...listing,
      state: "canceling",
      revision: listing.revision + 1,
    });
    expect(await claim(services, id, HOLD, 60)).toMatchObject({
      kind: "ended",
      record: { state: "canceled", attempts: 0 },
    });
    expect((await services.store.getBatch(batch.id))?.counts).toMatchObject({ queued: 0, canceled: 1 });
  });
});

describe("holding a transcription", () => {
  it("renews the lease with the progress, which never goes back", async () => {
    const { services, clock } = await serviceWorld();
    const { id } = await stored(services);
    await claim(services, id, HOLD, 60);
    const { until } = (await read(services, id)).lease!;
    clock.advance(50);
    expect(await saveProgress(services, id, HOLD, 0.4)).toBe(true);
    expect(await read(services, id)).toMatchObject({ progress: 0.4, lease: { until } });
    expect(await renew(services, id, HOLD, { leaseSeconds: 60, progress: 0.3 })).toBe(true);
    const record = await read(services, id);
    expect(record.progress).toBe(0.4);
    expect(Date.parse(record.lease!.until) - clock.now()).toBe(60_000);
    expect(await saveProgress(services, id, HOLD, 0.4)).toBe(true);
    expect((await read(services, id)).revision).toBe(record.revision);
  });

  it("ends by giving it back, with or without an attempt counted, to be found again by the sweep", async () => {
    const { services, clock } = await serviceWorld();
    const { id } = await stored(services);
    await claim(services, id, HOLD, 60);
    await giveBack(services, id, HOLD);
    const dueAt = new Date(clock.now() + 900_000).toISOString();
    expect(await read(services, id)).toMatchObject({ state: "queued", attempts: 0, lease: null, dueAt });
    await claim(services, id, HOLD, 60);
    await giveBack(services, id, HOLD, { attemptCounts: true });
    expect(await read(services, id)).toMatchObject({ state: "queued", attempts: 1 });
  });
});
