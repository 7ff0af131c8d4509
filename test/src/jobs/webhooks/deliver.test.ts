import { Webhook as Verifier } from "standardwebhooks";
import { describe, expect, it, vi } from "vitest";
import { amend, type Transcription } from "../../../../src/jobs/transcription.ts";
import { updateTranscription } from "../../../../src/jobs/update.ts";
import { deliverWebhook, sendPendingWebhook } from "../../../../src/jobs/webhooks/deliver.ts";
import { WebhookRefusedError } from "../../../../src/jobs/webhooks/post.ts";
import { ensureOwner } from "../../../../src/jobs/webhooks/secrets.ts";
import {
  makeWorld,
  pendingWebhook,
  START,
  scriptedPost,
  transcription,
  URL_OF_APP,
  type World,
} from "./world.ts";

/** A transcription whose first message waits. */
async function completed(world: World, changes: Partial<Transcription> = {}): Promise<Transcription> {
  const record = await world.addTranscription(changes);
  await sendPendingWebhook(world.services, "transcription", record);
  return record;
}

describe("an event", () => {
  it("is delivered once, signed, and logged on its transcription", async () => {
    const world = makeWorld();
    const record = await completed(world);
    const { post, requests } = scriptedPost(204);
    await world.runUntilQuiet(post);
    expect(requests).toHaveLength(1);
    const [{ url, headers, body, allowLocal }] = requests;
    expect({ url, allowLocal }).toEqual({ url: URL_OF_APP, allowLocal: false });
    expect(headers["webhook-id"]).toBe(record.webhook?.eventId);
    expect(headers["webhook-timestamp"]).toBe(String(START / 1000));
    const { webhookSecrets } = await ensureOwner(world.services, "acme");
    vi.setSystemTime(START);
    const event = new Verifier(webhookSecrets[0].secret).verify(body, headers);
    vi.useRealTimers();
    expect(event).toMatchObject({ type: "transcription.completed", data: { id: record.id } });
    expect(await world.webhookOf(record)).toMatchObject({
      state: "delivered",
      attemptCount: 1,
      nextAttemptAt: null,
      attempts: [{ at: new Date(START).toISOString(), status: 204, error: null }],
    });
    expect(world.outcomes).toEqual(["delivered"]);
  });

  it("of a batch is delivered as well, while items are counted", async () => {
    const world = makeWorld();
    const record = await world.addBatch();
    await sendPendingWebhook(world.services, "batch", record);
    await world.runUntilQuiet(scriptedPost(500, 200).post);
    expect(await world.webhookOf(record)).toMatchObject({ state: "delivered", attemptCount: 2 });
  });

  it.each<[string, Partial<Transcription>]>([
    ["has not happened", { webhook: pendingWebhook({ state: "waiting", nextAttemptAt: null }) }],
    ["was delivered", { webhook: pendingWebhook({ state: "delivered", nextAttemptAt: null }) }],
    ["is nobody's", { webhook: null }],
    ["went with its transcription", { state: "deleted", webhook: null }],
    ["there is none of, of a transcription that waits", { state: "queued" }],
  ])("that %s is not sent", async (_, changes) => {
    const world = makeWorld();
    const { id } = await world.addTranscription(changes);
    const { post, requests } = scriptedPost(200);
    await deliverWebhook(world.services, post, { subject: "transcription", id, attempt: 0 });
    expect(requests).toEqual([]);
    expect(world.waiting()).toEqual([]);
  });

  it("of an unknown transcription is not sent", async () => {
    const world = makeWorld();
    const { post, requests } = scriptedPost(200);
    await deliverWebhook(world.services, post, {
      subject: "transcription",
      id: transcription().id,
      attempt: 0,
    });
    expect(requests).toEqual([]);
    expect(world.waiting()).toEqual([]);
  });
});

describe("an endpoint that fails", () => {
  it("is called again on schedule, and given up after the tenth attempt", async () => {
    const world = makeWorld();
    const record = await completed(world);
    const times: number[] = [];
    const { post, requests } = scriptedPost(500);
    await world.runUntilQuiet((request) => {
      times.push((world.clock.time - START) / 1000);
      return post(request);
    });
    const webhook = await world.webhookOf(record);
    expect(webhook).toMatchObject({ state: "exhausted", attemptCount: 10, nextAttemptAt: null });
    expect(webhook.attempts.map(({ status }) => status)).toEqual(Array(10).fill(500));
    expect(new Set(requests.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    expect(requests.map(({ headers }) => Number(headers["webhook-timestamp"]) - START / 1000)).toEqual(
      times.map(Math.floor),
    );
    const delays = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    const actual = times.map((time, i) => time - (times[i - 1] ?? 0));
    for (const [i, delay] of delays.entries()) {
      expect(actual[i]).toBeGreaterThanOrEqual(delay);
      // 20 % of jitter, and the queue counts in whole seconds.
      expect(actual[i]).toBeLessThanOrEqual(delay * 1.2 + (i === 0 ? 0 : 1));
    }
    expect(world.outcomes).toEqual([...Array(9).fill("failed"), "exhausted"]);
  });

  it("waits in hops where the delay is longer than a queue's, one message at a time", async () => {
    const world = makeWorld();
    const inTwoHours = new Date(START + 7200_000).toISOString();
    const record = await completed(world, {
      webhook: pendingWebhook({ attemptCount: 4, nextAttemptAt: inTwoHours }),
    });
    const { post, requests } = scriptedPost(200);
    for (let hop = 0; hop < 8; hop++) {
      expect(world.waiting()).toEqual([{ attempt: 4, inSeconds: 900 }]);
      world.clock.time += 900_000;
      expect(requests).toEqual([]);
      await world.handleVisible(post);
    }
    expect(requests).toHaveLength(1);
    expect(await world.webhookOf(record)).toMatchObject({ state: "delivered", attemptCount: 5 });
    expect(world.waiting()).toEqual([]);
  });

  it.each([
    ["in seconds", "3600", 3600],
    ["as a date", new Date(START + 1800_000).toUTCString(), 1800],
    ["beyond a day", "9999999", 86_400],
  ])("may ask for a longer delay %s", async (_, retryAfter, seconds) => {
    const world = makeWorld();
    const record = await completed(world);
    await world.handleVisible(scriptedPost({ status: 503, retryAfter }).post);
    const { nextAttemptAt } = await world.webhookOf(record);
    expect((Date.parse(nextAttemptAt ?? "") - START) / 1000).toBe(seconds);
    expect(world.waiting()).toEqual([{ attempt: 1, inSeconds: Math.min(seconds, 900) }]);
  });

  it.each([
    [302, "The endpoint answered 302. Redirects are not followed."],
    [429, "The endpoint answered 429."],
    [new Error("connect ECONNREFUSED"), "connect ECONNREFUSED"],
  ])("by %s is tried again, and the reason kept", async (answer, error) => {
    const world = makeWorld();
    const record = await completed(world);
    await world.handleVisible(scriptedPost(answer).post);
    const status = typeof answer === "number" ? answer : null;
    expect(await world.webhookOf(record)).toMatchObject({
      state: "pending",
      attempts: [{ status, error }],
    });
  });
});

describe("an endpoint that is gone", () => {
  it("is disabled by 410, for this event and for those to come", async () => {
    const world = makeWorld();
    const record = await completed(world);
    const { post, requests } = scriptedPost(410);
    await world.runUntilQuiet(post);
    expect(await world.webhookOf(record)).toMatchObject({
      state: "disabled",
      disabledBy: "gone",
      attemptCount: 1,
      attempts: [{ status: 410, error: "The endpoint answered 410." }],
    });
    expect(await world.disabledEndpoints()).toEqual([URL_OF_APP]);

    const later = await completed(world);
    await world.runUntilQuiet(post);
    expect(requests).toHaveLength(1);
    expect(await world.webhookOf(later)).toMatchObject({
      state: "disabled",
      disabledBy: "endpoint_disabled",
      attemptCount: 0,
      nextAttemptAt: null,
    });
    expect(world.outcomes).toEqual(["disabled", "disabled"]);
  });

  it("is disabled for its owner alone", async () => {
    const world = makeWorld();
    await completed(world);
    await world.runUntilQuiet(scriptedPost(410).post);
    const other = await completed(world, { owner: "other" });
    await world.runUntilQuiet(scriptedPost(200).post);
    expect(await world.webhookOf(other)).toMatchObject({ state: "delivered" });
  });

  it("leaves the last hundred only", async () => {
    const world = makeWorld();
    for (let i = 0; i < 105; i++)
      await completed(world, { webhook: pendingWebhook({ url: `${URL_OF_APP}/${i}` }) });
    await world.runUntilQuiet(scriptedPost(410).post);
    const disabled = await world.disabledEndpoints();
    expect(disabled).toHaveLength(100);
    expect(new Set(disabled).size).toBe(100);
  });
});

it("an address that may not be called ends the delivery at once, on the log", async () => {
  const world = makeWorld();
  const record = await completed(world);
  await world.runUntilQuiet(scriptedPost(new WebhookRefusedError("x leads inside.")).post);
  expect(await world.webhookOf(record)).toMatchObject({
    state: "disabled",
    disabledBy: "address_refused",
    attempts: [{ status: null, error: "x leads inside." }],
  });
  expect(await world.disabledEndpoints()).toEqual([]);
  expect(world.outcomes).toEqual(["refused"]);
  expect(world.logged).toEqual([
    {
      event: "webhook.refused",
      fields: expect.objectContaining({ id: record.id, error: "x leads inside." }),
    },
  ]);
});

describe("messages that come twice", () => {
  it("of an attempt that is over make no call, and see to it that the next attempt comes", async () => {
    const world = makeWorld();
    const record = await completed(world);
    const { post, requests } = scriptedPost(500);
    await world.handleVisible(post);
    await deliverWebhook(world.services, post, { subject: "transcription", id: record.id, attempt: 0 });
    expect(requests).toHaveLength(1);
    expect(world.waiting().map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it("of an attempt that is over make no call either when the next attempt is due", async () => {
    const world = makeWorld();
    const record = await completed(world);
    const { post, requests } = scriptedPost(500);
    await world.handleVisible(post);
    world.clock.time += 60_000;
    await deliverWebhook(world.services, post, { subject: "transcription", id: record.id, attempt: 0 });
    expect(requests).toHaveLength(1);
    expect(world.waiting()).toContainEqual({ attempt: 1, inSeconds: 0 });
  });

  it("at once are counted once", async () => {
    const world = makeWorld();
    const record = await world.addTranscription();
    const { post, requests } = scriptedPost(500);
    const message = { subject: "transcription", id: record.id, attempt: 0 } as const;
    await Promise.all([1, 2, 3].map(() => deliverWebhook(world.services, post, message)));
    expect(requests).toHaveLength(3);
    const webhook = await world.webhookOf(record);
    expect(webhook).toMatchObject({ state: "pending", attemptCount: 1 });
    expect(webhook.attempts).toHaveLength(1);
    expect(world.waiting().map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    await world.runUntilQuiet(scriptedPost(500).post);
    expect(await world.webhookOf(record)).toMatchObject({ state: "exhausted", attemptCount: 10 });
  });

  it("leave the next attempt on its way where the faster one died right after recording", async () => {
    const world = makeWorld();
    const record = await completed(world);
    const { webhooks } = world.services.queues;
    const dead = { ...world.services, queues: { ...world.services.queues, webhooks: broken(webhooks) } };
    const message = { subject: "transcription", id: record.id, attempt: 0 } as const;
    const slower = deliverWebhook(
      world.services,
      async () => {
        await expect(deliverWebhook(dead, scriptedPost(500).post, message)).rejects.toThrow("died");
        return { status: 500, retryAfter: null };
      },
      message,
    );
    await slower;
    expect(await world.webhookOf(record)).toMatchObject({ attemptCount: 1 });
    expect(world.waiting().map(({ attempt }) => attempt)).toEqual([0, 1]);
  });

  it("do not bring back what was deleted meanwhile", async () => {
    const world = makeWorld();
    const record = await world.addTranscription();
    const { store } = world.services;
    const post = async () => {
      await updateTranscription(store, record.id, (found) => amend(found, { webhook: null }));
      return { status: 500, retryAfter: null };
    };
    await deliverWebhook(world.services, post, { subject: "transcription", id: record.id, attempt: 0 });
    expect((await store.getTranscription(record.id))?.webhook).toBeNull();
    expect(world.waiting()).toEqual([]);
  });
});

function broken<T extends object>(part: T): T {
  return new Proxy(part, {
    get: () => () => {
      throw new Error("died");
    },
  });
}
