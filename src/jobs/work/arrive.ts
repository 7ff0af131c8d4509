import { transcribeMessage } from "../messages.ts";
import { type ArrivedObject, parseS3Event } from "../s3-events.ts";
import type { Services } from "../services.ts";
import { acceptObject } from "./accept.ts";
import { failWhere } from "./finish.ts";

/**
 * Recordings have arrived, as an S3 event tells: each is queued in its owner's name, so that its owner's flood keeps nobody
 * else waiting, or failed at once where it is too large. The same event again does no harm. Throws what storage and
 * queues throw: then the event must come again.
 */
export async function arrive(services: Services, event: string): Promise<void> {
  const objects = parseS3Event(event);
  if (!objects) services.log.warn("message.unreadable", { body: event.slice(0, 500) });
  for (const object of objects ?? []) await arriveOne(services, object);
}

async function arriveOne(services: Services, object: ArrivedObject): Promise<void> {
  const { queues, limits } = services;
  const record = await acceptObject(services, object);
  // A worker may have begun it already, with the message of an earlier event.
  if (record?.state !== "queued") return;
  const { id, owner } = record;
  if (object.size !== null && object.size > limits.uploadBytes) {
    const message = `The recording is larger than ${limits.uploadBytes} bytes.`;
    await failWhere(services, id, { code: "too_large", message }, ({ state }) => state === "queued");
    return;
  }
  await queues[record.queue].send(transcribeMessage(id), { owner });
}
