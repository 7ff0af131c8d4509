import type { BlobRef } from "./ports/blob-store.ts";

/** An object that arrived, as an S3 event tells of it. */
export interface ArrivedObject extends BlobRef {
  size: number | null;
  etag: string | null;
  versionId: string | null;
  /** When it was complete, ISO 8601 UTC; null where the event does not say. */
  arrivedAt: string | null;
}

/**
 * The objects that a message of S3 tells of, itself or wrapped by SNS. Keys come decoded (S3 writes + for a space and
 * escapes the rest). Empty for `s3:TestEvent` and for events of other kinds. Null where the text is no S3 event at all.
 */
export function parseS3Event(body: string): ArrivedObject[] | null {
  const event = parseObject(body);
  if (!event) return null;
  if (event.Event === "s3:TestEvent") return [];
  if (!Array.isArray(event.Records)) return null;
  return event.Records.flatMap((record: unknown) =>
    isObject(record) && isObject(record.Sns)
      ? (parseS3Event(String(record.Sns.Message)) ?? [])
      : (arrivedObject(record) ?? []),
  );
}

/** The event that S3 would send; the local blob store sends it. */
export function makeS3Event(object: Omit<ArrivedObject, "arrivedAt">, eventTime: string): string {
  const key = encodeURIComponent(object.key).replaceAll("%20", "+").replaceAll("%2F", "/");
  return JSON.stringify({
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: "local",
        eventTime,
        eventName: "ObjectCreated:Put",
        s3: {
          s3SchemaVersion: "1.0",
          bucket: { name: object.bucket },
          object: {
            key,
            ...(object.size !== null && { size: object.size }),
            ...(object.etag !== null && { eTag: object.etag }),
            ...(object.versionId !== null && { versionId: object.versionId }),
          },
        },
      },
    ],
  });
}

function arrivedObject(record: unknown): ArrivedObject | null {
  if (!isObject(record) || !isObject(record.s3)) return null;
  if (typeof record.eventName !== "string" || !record.eventName.startsWith("ObjectCreated:")) return null;
  const { bucket, object } = record.s3;
  if (!isObject(bucket) || !isObject(object)) return null;
  if (typeof bucket.name !== "string" || typeof object.key !== "string") return null;
  const key = decodeKey(object.key);
  if (key === null) return null;
  return {
    bucket: bucket.name,
    key,
    size: typeof object.size === "number" ? object.size : null,
    etag: typeof object.eTag === "string" ? object.eTag : null,
    versionId: typeof object.versionId === "string" ? object.versionId : null,
    arrivedAt: typeof record.eventTime === "string" ? record.eventTime : null,
  };
}

function decodeKey(key: string): string | null {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return null;
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
