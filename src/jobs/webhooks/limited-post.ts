import type { Slots } from "../ports/slots.ts";
import { WebhookBusyError, type WebhookPost } from "./post.ts";

/** Deliveries in flight at once, so that endpoints which do not answer keep neither other owners' waiting nor themselves busy. */
export const WEBHOOK_SLOTS = {
  /** Of one owner. */
  mostOfGroup: 10,
  /** To one host of an owner's. */
  mostOfMember: 4,
  /** Longer than a delivery takes. */
  seconds: 60,
};

/** A place is free again soon where the endpoint is well: so often, and so long in between, it is looked for. */
const TRIES = 4;
const PAUSE_MS = 250;

const realTime = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** Sends within these slots. Throws WebhookBusyError where none is free. */
export function limitedPost(
  post: WebhookPost,
  slots: Slots,
  pause: (ms: number) => Promise<void> = realTime,
): WebhookPost {
  return async (request) => {
    const { host } = new URL(request.url);
    let slot = await slots.take(request.owner, host);
    for (let tries = 1; slot === null && tries < TRIES; tries++) {
      await pause(PAUSE_MS);
      slot = await slots.take(request.owner, host);
    }
    if (slot === null) throw new WebhookBusyError(host);
    try {
      return await post(request);
    } finally {
      await slot.release();
    }
  };
}
