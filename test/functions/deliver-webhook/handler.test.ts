import type { SQSEvent } from "aws-lambda";
import { Webhook as Verifier } from "standardwebhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeDeliverWebhookHandler } from "../../../functions/deliver-webhook/handler.ts";
import { makeHttpPost } from "../../../functions/deliver-webhook/post.ts";
import { webhookMessage } from "../../../src/jobs/messages.ts";
import type { WebhookPost } from "../../../src/jobs/webhooks/post.ts";
import { webhookSecrets } from "../../../src/jobs/webhooks/secrets.ts";
import { caller, makeWorld, pendingWebhook, START, scriptedPost } from "../../src/jobs/webhooks/world.ts";
import { serve } from "./servers.ts";

function sqsEvent(...bodies: string[]): SQSEvent {
  const Records = bodies.map((body, i) => ({ messageId: `m${i}`, body }) as SQSEvent["Records"][number]);
  return { Records };
}

const messageOf = ({ id }: { id: string }) => webhookMessage({ subject: "transcription", id, attempt: 0 });

afterEach(() => {
  vi.useRealTimers();
});

describe("the deliver-webhook function", () => {
  it("delivers an event to a server that verifies it", async () => {
    const world = makeWorld();
    world.services.allowLocalWebhooks = () => true;
    const [{ secret }] = await webhookSecrets(world.services, caller);
    const { url, received } = await serve(({ headers }, response) => {
      vi.setSystemTime(START);
      const event = new Verifier(secret).verify(received[0].body, headers as Record<string, string>);
      response.writeHead(event ? 204 : 400).end();
    });
    const record = await world.addTranscription({ webhook: pendingWebhook({ url }) });
    const handler = makeDeliverWebhookHandler(world.services, makeHttpPost());
    expect(await handler(sqsEvent(messageOf(record)))).toEqual({ batchItemFailures: [] });
    expect(await world.webhookOf(record)).toMatchObject({ state: "delivered", attempts: [{ status: 204 }] });
  });

  it("disables an endpoint on this machine where that is not allowed, without calling it", async () => {
    const world = makeWorld();
    const { url, received } = await serve((_, response) => response.end());
    const record = await world.addTranscription({ webhook: pendingWebhook({ url }) });
    await makeDeliverWebhookHandler(world.services, makeHttpPost())(sqsEvent(messageOf(record)));
    expect(await world.webhookOf(record)).toMatchObject({ state: "disabled", attemptCount: 1 });
    expect(received).toEqual([]);
  });

  it("handles all messages at once", async () => {
    const world = makeWorld();
    const records = await Promise.all([1, 2, 3].map(() => world.addTranscription()));
    const started = Promise.withResolvers<void>();
    let calls = 0;
    const post: WebhookPost = async () => {
      if (++calls === 3) started.resolve();
      await started.promise;
      return { status: 200, retryAfter: null };
    };
    const answer = await makeDeliverWebhookHandler(world.services, post)(sqsEvent(...records.map(messageOf)));
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it("gives back the messages that failed, and those alone", async () => {
    const world = makeWorld();
    const [good, bad] = [await world.addTranscription(), await world.addTranscription()];
    const { store } = world.services;
    const getTranscription = store.getTranscription.bind(store);
    vi.spyOn(store, "getTranscription").mockImplementation(async (id) => {
      if (id === bad.id) throw new Error("throttled");
      return getTranscription(id);
    });
    const handler = makeDeliverWebhookHandler(world.services, scriptedPost(200).post);
    expect(await handler(sqsEvent(messageOf(good), messageOf(bad)))).toEqual({
      batchItemFailures: [{ itemIdentifier: "m1" }],
    });
    expect(await world.webhookOf(good)).toMatchObject({ state: "delivered" });
    expect(world.logged).toContainEqual({
      event: "webhook.delivery_broken_off",
      fields: expect.objectContaining({ message_id: "m1", id: bad.id, error: "throttled" }),
    });
  });

  it.each(["", "null", "[]", "not JSON", '{"subject":"transcription","id":"../x","attempt":0}', '{"id":1}'])(
    "drops the message %j, which will never make sense",
    async (body) => {
      const world = makeWorld();
      const { post, requests } = scriptedPost(200);
      const handler = makeDeliverWebhookHandler(world.services, post);
      expect(await handler(sqsEvent(body))).toEqual({ batchItemFailures: [] });
      expect(requests).toEqual([]);
      expect(world.logged.map(({ event }) => event)).toEqual(["webhook.message_dropped"]);
    },
  );
});
