import { describe, expect, it } from "vitest";
import type { Batch } from "../../../../src/jobs/batch.ts";
import type { Transcription } from "../../../../src/jobs/transcription.ts";
import { deliverWebhook, sendPendingWebhook } from "../../../../src/jobs/webhooks/deliver.ts";
import { redeliverWebhook } from "../../../../src/jobs/webhooks/redeliver.ts";
import { caller, makeWorld, pendingWebhook, scriptedPost, transcription, URL_OF_APP } from "./world.ts";

describe("redelivery", () => {
  it("sends a delivered event again, with the same id", async () => {
    const world = makeWorld();
    const record = await world.addTranscription();
    await sendPendingWebhook(world.services, "transcription", record);
    const { post, requests } = scriptedPost(200);
    await world.runUntilQuiet(post);
    world.clock.time += 3600_000;
    const answer = await redeliverWebhook(world.services, caller, {
      subject: "transcription",
      id: record.id,
    });
    expect(answer.webhook).toMatchObject({ state: "pending", attemptCount: 1 });
    await world.runUntilQuiet(post);
    expect(requests).toHaveLength(2);
    expect(requests[1].headers["webhook-id"]).toBe(requests[0].headers["webhook-id"]);
    expect(requests[1].body).toBe(requests[0].body);
    expect(await world.webhookOf(record)).toMatchObject({ state: "delivered", attemptCount: 2 });
  });

  it("begins the schedule anew, and messages of the one before are harmless", async () => {
    const world = makeWorld();
    const record = await world.addBatch({
      webhook: pendingWebhook({ state: "exhausted", attemptCount: 10 }),
    });
    await redeliverWebhook(world.services, caller, { subject: "batch", id: record.id });
    const { post, requests } = scriptedPost(500);
    await world.handleVisible(post);
    expect(world.waiting()[0].inSeconds).toBeLessThanOrEqual(6);
    for (const attempt of [3, 10])
      await deliverWebhook(world.services, post, { subject: "batch", id: record.id, attempt });
    expect(requests).toHaveLength(1);
    await world.runUntilQuiet(post);
    expect(requests).toHaveLength(10);
    expect(await world.webhookOf(record)).toMatchObject({ state: "exhausted", attemptCount: 20 });
  });

  it("of an event that waits for its next attempt makes it now", async () => {
    const world = makeWorld();
    const nextAttemptAt = new Date(world.clock.time + 36_000_000).toISOString();
    const webhook = pendingWebhook({ attemptCount: 6, nextAttemptAt });
    const record = await world.addTranscription({ webhook });
    await sendPendingWebhook(world.services, "transcription", record);
    await redeliverWebhook(world.services, caller, { subject: "transcription", id: record.id });
    const { post, requests } = scriptedPost(200);
    await world.handleVisible(post);
    expect(requests).toHaveLength(1);
    await world.runUntilQuiet(post);
    expect(requests).toHaveLength(1);
    expect(await world.webhookOf(record)).toMatchObject({ state: "delivered", attemptCount: 7 });
  });

  it("calls a disabled endpoint, and enables it again where that succeeds", async () => {
    const world = makeWorld();
    const record = await world.addTranscription();
    await sendPendingWebhook(world.services, "transcription", record);
    const { post, requests } = scriptedPost(410, 410, 500, 200);
    await world.runUntilQuiet(post);
    const redeliver = () =>
      redeliverWebhook(world.services, caller, { subject: "transcription", id: record.id });
    await redeliver();
    await world.runUntilQuiet(post);
    expect(await world.webhookOf(record)).toMatchObject({ state: "disabled", attemptCount: 2 });
    expect(await world.disabledEndpoints()).toEqual([URL_OF_APP]);
    await redeliver();
    await world.runUntilQuiet(post);
    expect(requests).toHaveLength(4);
    expect(await world.webhookOf(record)).toMatchObject({ state: "delivered", attemptCount: 4 });
    expect(await world.disabledEndpoints()).toEqual([]);
  });

  it.each<[string, Partial<Transcription>, object]>([
    ["another owner's", { owner: "other" }, { code: "not_found" }],
    ["without a webhook", { webhook: null }, { code: "no_webhook" }],
    [
      "that has not ended",
      { state: "processing", webhook: pendingWebhook({ state: "waiting" }) },
      { code: "not_completed", details: { status: "processing" } },
    ],
    ["that waits", { state: "queued" }, { code: "not_completed" }],
    ["that was deleted", { state: "deleted", webhook: null }, { code: "deleted" }],
  ])("of a transcription %s is refused", async (_, changes, error) => {
    const world = makeWorld();
    const { id } = await world.addTranscription(changes);
    await expect(
      redeliverWebhook(world.services, caller, { subject: "transcription", id }),
    ).rejects.toMatchObject(error);
    expect(world.waiting()).toEqual([]);
  });

  it("of what is not there, or not over, is refused", async () => {
    const world = makeWorld();
    const { id } = transcription();
    await expect(
      redeliverWebhook(world.services, caller, { subject: "transcription", id }),
    ).rejects.toMatchObject({ code: "not_found" });
    for (const state of ["listing", "processing", "canceling"] satisfies Batch["state"][]) {
      const batch = await world.addBatch({ state });
      await expect(
        redeliverWebhook(world.services, caller, { subject: "batch", id: batch.id }),
      ).rejects.toMatchObject({ code: "not_completed" });
    }
  });
});
