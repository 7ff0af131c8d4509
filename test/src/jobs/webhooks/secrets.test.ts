import { Webhook as Verifier } from "standardwebhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { WebhookSecret } from "../../../../src/jobs/owner.ts";
import { sendPendingWebhook } from "../../../../src/jobs/webhooks/deliver.ts";
import { ensureOwner, rotateWebhookSecret, webhookSecrets } from "../../../../src/jobs/webhooks/secrets.ts";
import { signWebhook } from "../../../../src/jobs/webhooks/sign.ts";
import { caller, makeWorld, START, scriptedPost, type World } from "./world.ts";

const DAY = 24 * 3600_000;

afterEach(() => {
  vi.useRealTimers();
});

/** Deliver an event and tell which of these secrets verify it. */
async function verifiedBy(world: World, secrets: WebhookSecret[]): Promise<boolean[]> {
  const record = await world.addTranscription();
  await sendPendingWebhook(world.services, "transcription", record);
  const { post, requests } = scriptedPost(200);
  await world.runUntilQuiet(post);
  const [{ body, headers }] = requests;
  vi.setSystemTime(world.clock.time);
  return secrets.map(({ secret }) => {
    try {
      new Verifier(secret).verify(body, headers);
      return true;
    } catch {
      return false;
    }
  });
}

describe("signing", () => {
  it("gives the signature of the specification's example", () => {
    const headers = signWebhook(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      at: 1614265330_000,
      body: '{"test": 2432232314}',
    });
    expect(headers).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });
});

describe("an owner's secrets", () => {
  it("begin with one of 32 bytes, made once even by many at once", async () => {
    const { services } = makeWorld();
    const owners = await Promise.all(Array.from({ length: 5 }, () => ensureOwner(services, "acme")));
    expect(new Set(owners.map((owner) => JSON.stringify(owner))).size).toBe(1);
    const [{ secret, createdAt, expiresAt }] = owners[0].webhookSecrets;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret.slice(6), "base64")).toHaveLength(32);
    expect({ createdAt, expiresAt }).toEqual({ createdAt: new Date(START).toISOString(), expiresAt: null });
    expect(await webhookSecrets(services, caller)).toEqual(owners[0].webhookSecrets);
  });

  it("overlap for a day when rotated, both signing", async () => {
    const world = makeWorld();
    const [old] = await webhookSecrets(world.services, caller);
    const fresh = await rotateWebhookSecret(world.services, caller);
    expect(await webhookSecrets(world.services, caller)).toEqual([
      fresh,
      { ...old, expiresAt: new Date(START + DAY).toISOString() },
    ]);
    expect(await verifiedBy(world, [fresh, old])).toEqual([true, true]);
    world.clock.time = START + DAY - 1;
    expect(await verifiedBy(world, [fresh, old])).toEqual([true, true]);
    world.clock.time = START + DAY;
    expect(await verifiedBy(world, [fresh, old])).toEqual([true, false]);
    expect(await webhookSecrets(world.services, caller)).toEqual([fresh]);
  });

  it("are never more than two: the oldest ends at the second rotation", async () => {
    const world = makeWorld();
    const [first] = await webhookSecrets(world.services, caller);
    const second = await rotateWebhookSecret(world.services, caller);
    const third = await rotateWebhookSecret(world.services, caller);
    expect((await webhookSecrets(world.services, caller)).map(({ secret }) => secret)).toEqual([
      third.secret,
      second.secret,
    ]);
    expect(await verifiedBy(world, [third, second, first])).toEqual([true, true, false]);
  });

  it("rotate before anything else was asked of the owner, and by several at once", async () => {
    const { services } = makeWorld();
    const rotated = await Promise.all([1, 2, 3].map(() => rotateWebhookSecret(services, caller)));
    const valid = await webhookSecrets(services, caller);
    expect(valid).toHaveLength(2);
    expect(valid.filter(({ expiresAt }) => expiresAt === null)).toHaveLength(1);
    expect(rotated.map(({ secret }) => secret)).toEqual(
      expect.arrayContaining(valid.map(({ secret }) => secret)),
    );
  });
});
