import { expect, test } from "vitest";
import { limitedPost, WEBHOOK_SLOTS } from "../../../../src/jobs/webhooks/limited-post.ts";
import {
  WebhookBusyError,
  type WebhookPost,
  type WebhookRequest,
} from "../../../../src/jobs/webhooks/post.ts";
import { MemorySlots } from "../../../../src/local/memory-slots.ts";
import { makeWorld, pendingWebhook, scriptedPost } from "./world.ts";

const request = (url: string, owner = "acme"): WebhookRequest => ({
  url,
  owner,
  headers: {},
  body: "{}",
  allowLocal: false,
});

/** Answers when it is told to. */
function hangingPost() {
  const waiting: (() => void)[] = [];
  const post: WebhookPost = () =>
    new Promise((resolve) => waiting.push(() => resolve({ status: 204, retryAfter: null })));
  return { post, waiting };
}

function limited(post: WebhookPost, pause = async () => {}) {
  const clock = { now: () => 0 };
  return limitedPost(post, new MemorySlots({ ...WEBHOOK_SLOTS, clock }), pause);
}

test("to one host of an owner's go so many at once, whatever the path, and to others all the same", async () => {
  const { post, waiting } = hangingPost();
  const send = limited(post);
  const { mostOfMember } = WEBHOOK_SLOTS;
  const sent = Array.from({ length: mostOfMember }, (_, i) => send(request(`https://app.example/${i}`)));
  await expect(send(request("https://app.example/more"))).rejects.toThrow(WebhookBusyError);
  sent.push(send(request("https://other.example/")), send(request("https://app.example/", "radio")));
  await expect.poll(() => waiting).toHaveLength(mostOfMember + 2);
  waiting[0]();
  await sent[0];
  sent.push(send(request("https://app.example/more")));
  await expect.poll(() => waiting).toHaveLength(mostOfMember + 3);
  for (const answer of waiting) answer();
  await Promise.all(sent);
});

test("of one owner's go so many at once, to however many hosts", async () => {
  const { post, waiting } = hangingPost();
  const send = limited(post);
  const urls = Array.from({ length: 30 }, (_, i) => `https://dead-${i}.example/`);
  const outcomes = Promise.allSettled(urls.map((url) => send(request(url))));
  await expect.poll(() => waiting).toHaveLength(WEBHOOK_SLOTS.mostOfGroup);
  for (const answer of waiting) answer();
  const refused = (await outcomes).filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(30 - WEBHOOK_SLOTS.mostOfGroup);
});

test("a place that is free soon is waited for, and one whose delivery failed is free", async () => {
  const { post, requests } = scriptedPost(new Error("no"));
  const send = limited(post);
  for (let i = 0; i < 20; i++) await expect(send(request("https://app.example/"))).rejects.toThrow("no");
  expect(requests).toHaveLength(20);
  const hanging = hangingPost();
  const patient = limited(hanging.post, async () => hanging.waiting[0]());
  const sent = Array.from({ length: WEBHOOK_SLOTS.mostOfMember + 1 }, () =>
    patient(request("https://a.example/")),
  );
  await expect.poll(() => hanging.waiting).toHaveLength(WEBHOOK_SLOTS.mostOfMember + 1);
  for (const answer of hanging.waiting) answer();
  await Promise.all(sent);
});

test("an event that finds no room is tried later and later, and no attempt is counted", async () => {
  const world = makeWorld();
  const record = await world.addTranscription({ webhook: pendingWebhook() });
  let room = false;
  const post: WebhookPost = async () => {
    if (!room) throw new WebhookBusyError("app.example.com");
    return { status: 204, retryAfter: null };
  };
  await world.services.queues.webhooks.send(
    JSON.stringify({ subject: "transcription", id: record.id, attempt: 0 }),
    { owner: "acme" },
  );
  const delays: number[] = [];
  // How soon depends on the event's id: by half or by one and a half of what it has waited.
  while (delays.at(-1) !== 900 && delays.length < 30) {
    expect(await world.handleVisible(post)).toBe(1);
    const [{ inSeconds }] = world.waiting();
    delays.push(inSeconds);
    world.clock.time += inSeconds * 1000;
  }
  expect(delays[0]).toBeLessThanOrEqual(8);
  expect(delays.at(-1)).toBe(900);
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  expect(await world.webhookOf(record)).toMatchObject({ state: "pending", attemptCount: 0, attempts: [] });
  room = true;
  await world.handleVisible(post);
  expect(await world.webhookOf(record)).toMatchObject({ state: "delivered", attemptCount: 1 });
});
