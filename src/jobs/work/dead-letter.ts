import { transcribeMessage } from "../messages.ts";
import type { Services } from "../services.ts";
import { isTerminal } from "../transcription.ts";
import { acceptMessage } from "./accept.ts";
import { afterEnd } from "./after-end.ts";
import { giveUp, isExhausted, leaseLeftMs } from "./give-up.ts";

/** Whatever kept it from its end so far gets this long to pass. */
const AGAIN_SECONDS = 60;
const MOST_SECONDS = 900;

/**
 * What becomes of a message of `transcribe` or `archive` that was received too often. A transcription that was begun
 * as often as it may be is failed; any other gets a fresh message, since being received often says nothing against
 * it: workers come and go, and so does storage. What makes no sense is logged and dropped.
 */
export async function failDeadLetter(services: Services, body: string): Promise<void> {
  for (const id of await acceptMessage(services, body)) await settleDead(services, id);
}

async function settleDead(services: Services, id: string): Promise<void> {
  const { store, queues, clock, log } = services;
  const record = await store.getTranscription(id);
  if (!record || record.state === "awaiting_upload") {
    log.warn("dead_letter.dropped", { id, state: record?.state ?? null });
    return;
  }
  if (isTerminal(record.state)) return afterEnd(services, record);
  const leaseMs = leaseLeftMs(record, clock);
  if (leaseMs === 0 && isExhausted(services, record) && (await giveUp(services, record))) return;
  // Not before the lease is over: it would be taken for a duplicate of the message that has just died.
  const delaySeconds = Math.min(MOST_SECONDS, Math.ceil(leaseMs / 1000) + AGAIN_SECONDS);
  await queues[record.queue].send(transcribeMessage(id), { delaySeconds, owner: record.owner });
  log.warn("dead_letter.sent_again", { id, owner: record.owner, attempts: record.attempts });
}
