import { makeDeliverWebhookHandler } from "../functions/deliver-webhook/handler.ts";
import { makeHttpPost } from "../functions/deliver-webhook/post.ts";
import { makeFailDeadLettersHandler } from "../functions/fail-dead-letters/handler.ts";
import { limitedPost, WEBHOOK_SLOTS } from "../src/jobs/webhooks/limited-post.ts";
import type { WebhookPost } from "../src/jobs/webhooks/post.ts";
import { MemorySlots } from "../src/local/memory-slots.ts";
import type { OpenedServices } from "./open-services.ts";
import { QueueTrigger } from "./queue-trigger.ts";

/** Seconds after which what a dead process had in hand is taken up again. */
export interface Visibility {
  recordings: number;
  /** Longer than a delivery may take. */
  webhooks: number;
}

/** Deliveries at once. Most of their time they wait for an answer. */
const WEBHOOK_LANES = 64;
const DEAD_LETTER_VISIBILITY_SECONDS = 60;

/** What works on the queues that workers do not. */
export function startTriggers(
  { services, deadLetters }: OpenedServices,
  visibility: Visibility,
  post: WebhookPost = makeHttpPost(),
): QueueTrigger[] {
  const { log, queues } = services;
  const slots = new MemorySlots({ ...WEBHOOK_SLOTS, clock: services.clock });
  const failDeadLetters = makeFailDeadLettersHandler(services);
  return [
    new QueueTrigger({
      queue: queues.webhooks,
      handler: makeDeliverWebhookHandler(services, limitedPost(post, slots)),
      log,
      concurrency: WEBHOOK_LANES,
      visibilitySeconds: visibility.webhooks,
    }),
    ...deadLetters.map(
      (queue) =>
        new QueueTrigger({
          queue,
          handler: failDeadLetters,
          log,
          concurrency: 1,
          visibilitySeconds: DEAD_LETTER_VISIBILITY_SECONDS,
        }),
    ),
  ];
}
