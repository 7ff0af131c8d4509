import type { Queue } from "../ports/queue.ts";

const BATCH = 10;
const VISIBILITY_SECONDS = 60;

/**
 * Send dead letters to their queue again, those that are there now: what dies anew meanwhile stays. Each is deleted
 * once it is sent, so that a crash in between sends it twice, which does no harm. Returns how many were sent.
 */
export async function redrive(
  deadLetters: Queue,
  queue: Queue,
  onProgress: (sent: number) => void = () => {},
): Promise<number> {
  const { visible } = await deadLetters.depth();
  let sent = 0;
  while (sent < visible) {
    const most = Math.min(BATCH, visible - sent);
    const messages = await deadLetters.receive({
      most,
      waitSeconds: 1,
      visibilitySeconds: VISIBILITY_SECONDS,
    });
    if (messages.length === 0) break;
    await queue.sendMany(messages.map(({ body }) => body));
    for (const message of messages) await deadLetters.delete(message);
    sent += messages.length;
    onProgress(sent);
  }
  return sent;
}
