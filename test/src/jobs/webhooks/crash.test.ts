import { describe, expect, it } from "vitest";
import type { Services } from "../../../../src/jobs/services.ts";
import type { Webhook } from "../../../../src/jobs/webhook.ts";
import { deliverWebhook, sendPendingWebhook } from "../../../../src/jobs/webhooks/deliver.ts";
import { disableEndpoint } from "../../../../src/jobs/webhooks/endpoints.ts";
import { redeliverWebhook } from "../../../../src/jobs/webhooks/redeliver.ts";
import { caller, makeWorld, pendingWebhook, START, scriptedPost, URL_OF_APP } from "./world.ts";

/** Dies at the n-th call of the store or the queue, before or after it takes effect; once. */
function dieAt(services: Services, n: number, moment: "before" | "after") {
  let calls = 0;
  const watch = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          const dies = ++calls === n;
          if (dies && moment === "before") throw new Error("died");
          const result = await method.apply(target, args);
          if (dies) throw new Error("died");
          return result;
        };
      },
    });
  const { store, queues } = services;
  const mortal = {
    ...services,
    store: watch(store),
    queues: { ...queues, webhooks: watch(queues.webhooks) },
  };
  return { mortal, died: () => calls >= n };
}

interface Story {
  name: string;
  answers: number[];
  disabledBefore?: boolean;
  /** Attempts made before, the next one due in an hour. */
  attemptsBefore?: number;
  end: { state: string; disabledEndpoints: string[]; fewestPosts: number };
}

const STORIES: Story[] = [
  { name: "delivered", answers: [200], end: { state: "delivered", disabledEndpoints: [], fewestPosts: 1 } },
  {
    name: "tried again",
    answers: [500, 503, 200],
    end: { state: "delivered", disabledEndpoints: [], fewestPosts: 3 },
  },
  {
    name: "disabled",
    answers: [410],
    end: { state: "disabled", disabledEndpoints: [URL_OF_APP], fewestPosts: 1 },
  },
  {
    name: "given up, after waiting in hops",
    answers: [500],
    attemptsBefore: 9,
    end: { state: "exhausted", disabledEndpoints: [], fewestPosts: 1 },
  },
  {
    name: "redelivered to a disabled endpoint",
    answers: [200],
    disabledBefore: true,
    end: { state: "delivered", disabledEndpoints: [], fewestPosts: 1 },
  },
];

function webhookBefore(attemptCount: number): Webhook {
  if (attemptCount === 0) return pendingWebhook();
  const at = new Date(START).toISOString();
  const nextAttemptAt = new Date(START + 3600_000).toISOString();
  const attempts = Array.from({ length: attemptCount }, () => ({ at, status: 500, error: "500" }));
  return pendingWebhook({ attemptCount, attempts, nextAttemptAt });
}

/** False where the story ended before the crash came. */
async function live(story: Story, n: number, moment: "before" | "after"): Promise<boolean> {
  const world = makeWorld();
  const record = await world.addTranscription({ webhook: webhookBefore(story.attemptsBefore ?? 0) });
  if (story.disabledBefore) {
    await disableEndpoint(world.services, "acme", URL_OF_APP);
    await redeliverWebhook(world.services, caller, { subject: "transcription", id: record.id });
  } else await sendPendingWebhook(world.services, "transcription", record);
  const { mortal, died } = dieAt(world.services, n, moment);
  const { post, requests } = scriptedPost(...story.answers);
  await world.runUntilQuiet(post, (_, sender, message) => deliverWebhook(mortal, sender, message));

  const webhook = await world.webhookOf(record);
  expect(webhook.state).toBe(story.end.state);
  expect(webhook.nextAttemptAt).toBeNull();
  expect(webhook.attempts).toHaveLength(webhook.attemptCount);
  expect(await world.disabledEndpoints()).toEqual(story.end.disabledEndpoints);
  expect(requests.length).toBeGreaterThanOrEqual(story.end.fewestPosts);
  // One crash costs one more call at most, and no attempt is logged that was not made.
  expect(requests.length).toBeLessThanOrEqual(story.end.fewestPosts + 1);
  expect(webhook.attemptCount - (story.attemptsBefore ?? 0)).toBeLessThanOrEqual(requests.length);
  expect(new Set(requests.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([webhook.eventId]));
  return died();
}

describe("a crash at any step", () => {
  it.each(STORIES.flatMap((story) => (["before", "after"] as const).map((moment) => ({ ...story, moment }))))(
    "($moment it takes effect) leaves an event to be $name",
    async ({ moment, ...story }) => {
      let n = 1;
      while (await live(story, n, moment)) n++;
      expect(n).toBeGreaterThan(4);
    },
  );
});
