import { describe, expect, test } from "vitest";
import { deliverWebhook } from "../../../src/jobs/webhooks/deliver.ts";
import { WebhookRefusedError } from "../../../src/jobs/webhooks/post.ts";
import { apiClient } from "../../support/api-client.ts";
import { apiWorld, listen, transcribe } from "../../support/api-world.ts";

async function start() {
  const world = await apiWorld();
  return { world, ann: apiClient(await listen(world), world.keys.ann) };
}

describe("webhook secrets", () => {
  test("are one until they are rotated, then two, until the old one's time is up", async () => {
    const { world, ann } = await start();
    const [first] = (await ann("GET", "/v1/webhook-secrets")).json.data;
    expect(first).toEqual({
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      created_at: "2026-03-01T12:00:00.000Z",
      expires_at: null,
    });
    const rotated = await ann("POST", "/v1/webhook-secrets/rotate");
    expect(rotated.status).toBe(200);
    const { data } = rotated.json;
    expect(data[0].secret).not.toBe(first.secret);
    expect(data[1]).toEqual({ ...first, expires_at: "2026-03-02T12:00:00.000Z" });
    expect((await ann("GET", "/v1/webhook-secrets")).json).toEqual({ data });
    world.clock.advance(24 * 3600 + 1);
    expect((await ann("GET", "/v1/webhook-secrets")).json.data).toEqual([data[0]]);
  });
});

describe("a webhook", () => {
  test("is sent again on request, once its event has happened", async () => {
    const { world, ann } = await start();
    const webhook = { url: "https://example.com/h" };
    const { id } = (await ann("POST", "/v1/transcriptions", { webhook })).json;
    const early = await ann("POST", `/v1/transcriptions/${id}/webhook/redeliver`);
    expect([early.status, early.json]).toMatchObject([409, { code: "not_completed" }]);
    await transcribe(world, id);
    const again = await ann("POST", `/v1/transcriptions/${id}/webhook/redeliver`);
    expect([again.status, again.json]).toMatchObject([202, { id, webhook: { status: "pending" } }]);
    expect(await world.services.queues.webhooks.depth()).toMatchObject({ visible: 2 });
  });

  test("tells of a cancellation", async () => {
    const { world, ann } = await start();
    const webhook = { url: "https://example.com/h" };
    const { id } = (await ann("POST", "/v1/transcriptions", { webhook })).json;
    const { json } = await ann("POST", `/v1/transcriptions/${id}/cancel`);
    expect(json.webhook).toMatchObject({ status: "pending", disabled_reason: null });
    await ann("POST", `/v1/transcriptions/${id}/cancel`);
    const { webhooks } = world.services.queues;
    const messages = await webhooks.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 60 });
    expect(messages.map(({ body }) => JSON.parse(body))).toContainEqual({
      subject: "transcription",
      id,
      attempt: 0,
    });
  });

  test("that is disabled says why", async () => {
    const { world, ann } = await start();
    const webhook = { url: "https://example.com/h" };
    const { id } = (await ann("POST", "/v1/transcriptions", { webhook })).json;
    await transcribe(world, id);
    const answers = { gone: 410, address_refused: new WebhookRefusedError("It leads inside.") };
    const messages = { gone: "The endpoint answered 410 Gone.", address_refused: "It leads inside." };
    for (const [code, answer] of Object.entries(answers)) {
      await ann("POST", `/v1/transcriptions/${id}/webhook/redeliver`);
      const { attemptCount } = (await world.services.store.getTranscription(id))!.webhook!;
      await deliverWebhook(
        world.services,
        async () => {
          if (typeof answer !== "number") throw answer;
          return { status: answer, retryAfter: null };
        },
        { subject: "transcription", id, attempt: attemptCount },
      );
      expect((await ann("GET", `/v1/transcriptions/${id}`)).json.webhook).toMatchObject({
        status: "disabled",
        disabled_reason: { code, message: messages[code as keyof typeof messages] },
      });
    }
    const again = await ann("POST", `/v1/transcriptions/${id}/webhook/redeliver`);
    expect(again.json.webhook).toMatchObject({ status: "pending", disabled_reason: null });
  });

  test("cannot be sent again where there is none", async () => {
    const { world, ann } = await start();
    const { id } = (await ann("POST", "/v1/transcriptions")).json;
    await transcribe(world, id);
    const { status, json } = await ann("POST", `/v1/transcriptions/${id}/webhook/redeliver`);
    expect([status, json.code]).toEqual([409, "no_webhook"]);
    const batch = (await ann("POST", "/v1/batches", { source: { bucket: "tapes", prefix: "" } })).json.id;
    expect((await ann("POST", `/v1/batches/${batch}/webhook/redeliver`)).json.code).toBe("no_webhook");
  });
});
