import { sha256Hex } from "../digest.ts";
import { parseTranscribeMessage } from "../messages.ts";
import { OWNER_PATTERN } from "../owner.ts";
import { type ArrivedObject, parseS3Event } from "../s3-events.ts";
import { type Services, timestamp } from "../services.ts";
import {
  DEFAULT_OPTIONS,
  enter,
  ITEM_REQUEUE_SECONDS,
  mayArrive,
  NOT_BEGUN,
  REQUEUE_SECONDS,
  type Transcription,
} from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { newWebhook, type Webhook } from "../webhook.ts";

const UPLOAD = /^uploads\/(?<id>tr_[0-9a-f]{32})\//;
const INBOX = /^inbox\/(?<owner>[^/]+)\/(?<path>.+)$/s;

/**
 * The transcriptions that a message of `transcribe` or `archive` is about, brought to `queued` where they awaited
 * their upload, made where an object came to an inbox. None where the message makes no sense: it is logged.
 */
export async function acceptMessage(services: Services, body: string): Promise<string[]> {
  const direct = parseTranscribeMessage(body);
  if (direct) return [direct.id];
  const objects = parseS3Event(body);
  if (!objects) services.log.warn("message.unreadable", { body: body.slice(0, 500) });
  const ids: string[] = [];
  for (const object of objects ?? []) {
    const record = await acceptObject(services, object);
    if (record) ids.push(record.id);
  }
  return ids;
}

/** The transcription that an object is the recording of; null, and a line in the log, where it is none's. */
export async function acceptObject(services: Services, object: ArrivedObject): Promise<Transcription | null> {
  const record = await recordOf(services, object);
  if (!record) services.log.warn("object.ignored", { bucket: object.bucket, key: object.key });
  return record;
}

/**
 * The upload has arrived, at `arrivedAt` if that is known: since then it waits. Too late is no more than late: whoever was
 * told that it is stored is not to lose it. What is past that already stays as it is.
 */
export async function acceptUpload(
  services: Services,
  record: Transcription,
  { arrivedAt = null, size = null }: Partial<Pick<ArrivedObject, "arrivedAt" | "size">> = {},
): Promise<Transcription> {
  const { store, clock, log } = services;
  const updated = await updateTranscription(store, record.id, (current) =>
    mayArrive(current.state)
      ? enter(current, "queued", waitingSince(services, current.createdAt, arrivedAt), {
          uploadExpiresAt: null,
          sourceBytes: size,
          dueAt: timestamp(clock, REQUEUE_SECONDS),
          ...(current.state === "expired" && { webhook: renewed(services, current.webhook) }),
        })
      : null,
  );
  if (updated?.changed) log.info("transcription.queued", { id: record.id, owner: record.owner });
  return updated?.record ?? record;
}

/** Its expiry was an event; what comes after is another, with an id of its own. */
function renewed({ ids }: Services, webhook: Webhook | null): Webhook | null {
  return webhook && newWebhook(webhook.url, ids.create("ev"));
}

async function recordOf(services: Services, object: ArrivedObject): Promise<Transcription | null> {
  if (object.bucket !== services.bucket) return null;
  const id = UPLOAD.exec(object.key)?.groups?.id;
  if (id === undefined) return acceptInbox(services, object);
  const record = await services.store.getTranscription(id);
  // Only the object that its upload URL was made for: nobody else's file may pass for it.
  if (record?.source.key !== object.key) return null;
  return acceptUpload(services, record, object);
}

/** The clocks of storage and service may differ a little: not before it was created, not in the future. */
function waitingSince({ clock }: Services, createdAt: string, arrivedAt: string | null): string {
  const now = clock.now();
  const arrived = arrivedAt === null ? Number.NaN : Date.parse(arrivedAt);
  if (Number.isNaN(arrived)) return timestamp(clock);
  return new Date(Math.min(now, Math.max(arrived, Date.parse(createdAt)))).toISOString();
}

/** Its id derives from bucket, key and version, so that the same event twice makes one transcription. */
async function acceptInbox(services: Services, object: ArrivedObject): Promise<Transcription | null> {
  const { owner, path } = INBOX.exec(object.key)?.groups ?? {};
  if (owner === undefined || path === undefined || !OWNER_PATTERN.test(owner)) return null;
  if (path.endsWith("/")) return null; // a folder made by hand in the S3 console
  const version = object.versionId ?? object.etag ?? "";
  const digest = await sha256Hex(JSON.stringify([object.bucket, object.key, version]));
  const id = `tr_${digest.slice(0, 32)}`;
  const record = inboxRecord(services, id, owner, object);
  const { outcome } = await services.store.createTranscription(record, { now: record.createdAt });
  if (outcome !== "created") return services.store.getTranscription(id);
  services.log.info("transcription.queued", { id, owner, key: object.key });
  return record;
}

function inboxRecord({ clock }: Services, id: string, owner: string, object: ArrivedObject): Transcription {
  const now = timestamp(clock);
  // Many may come at once, and wait for hours.
  const dueAt = timestamp(clock, ITEM_REQUEUE_SECONDS);
  return {
    id,
    owner,
    revision: 1,
    state: "queued",
    createdAt: now,
    times: { queued: now },
    source: { bucket: object.bucket, key: object.key },
    sourceEtag: object.etag,
    sourceBytes: object.size,
    origin: "inbox",
    fileName: object.key.split("/").at(-1) ?? null,
    contentType: null,
    uploadExpiresAt: null,
    options: DEFAULT_OPTIONS,
    metadata: {},
    deleteAfterSeconds: null,
    dueAt,
    batchId: null,
    queue: "transcribe",
    ...NOT_BEGUN,
    webhook: null,
  };
}
