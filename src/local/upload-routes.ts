import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import {
  BlobTooLargeError,
  ConflictError,
  DeletedError,
  InvalidRequestError,
  ServiceError,
  StorageFullError,
  StorageReadOnlyError,
} from "../jobs/errors.ts";
import type { BlobFacts, Clock, Log } from "../jobs/ports/index.ts";
import { verifyUpload } from "./folder/upload-urls.ts";
import type { FolderBlobStore } from "./folder-blob-store.ts";
import { readRequest, UploadCutError, UploadStalledError } from "./read-request.ts";

export interface UploadRoutesOptions {
  blobs: FolderBlobStore;
  clock: Clock;
  /** The one that the upload URLs are signed with. */
  secret: Uint8Array;
  /** Seconds without a byte after which a client is given up. */
  idleSeconds: number;
  /**
   * Awaited before the answer. An object that was there already (`created` false) is announced again: the first time may
   * have failed. Throws DeletedError, ConflictError where nobody wants it any more.
   */
  onStored(facts: BlobFacts, created: boolean): Promise<void>;
  log: Log;
}

/**
 * `PUT /uploads/…` for the URLs of FolderBlobStore, on @hono/node-server. The recording is written as it comes in,
 * whole or not at all. Where a request is refused before its end, that server closes the connection by itself.
 */
export function uploadRoutes(options: UploadRoutesOptions): Hono {
  const routes = new Hono();
  // Pages of any origin may upload: what opens the way is the signature in the URL.
  const crossOrigin = cors({
    origin: "*",
    allowMethods: ["PUT"],
    allowHeaders: ["content-type", "if-none-match"],
    exposeHeaders: ["etag"],
    maxAge: 24 * 3600,
  });
  routes.use("/uploads/*", crossOrigin);
  routes.put("/uploads/*", async (c) => {
    try {
      return await receive(c, options);
    } catch (error) {
      return refusal(c, error, options.log);
    }
  });
  routes.all("/uploads/*", (c) => {
    const message = `Send the recording itself with PUT, for instance by curl -T FILE, not with ${c.req.method}.`;
    c.header("Allow", "OPTIONS, PUT");
    return problem(c, 405, "method_not_allowed", message);
  });
  return routes;
}

async function receive(c: Context, options: UploadRoutesOptions): Promise<Response> {
  const { blobs, clock, secret, idleSeconds, onStored } = options;
  const contentType = c.req.header("Content-Type") ?? null;
  if (contentType && FORM.test(contentType)) return problem(c, 415, "unsupported_media_type", NO_FORM);
  const verdict = verifyUpload({ url: c.req.url, contentType }, secret, clock.now());
  if (verdict.outcome === "forged")
    return problem(
      c,
      403,
      "upload_url_invalid",
      "The URL, or the Content-Type sent to it, is not as it was made.",
    );
  const isPart = verdict.outcome === "ok" && verdict.part !== null;
  // S3 refuses it too, with less to say about it. A part may come again.
  if (!isPart && c.req.header("If-None-Match") !== "*")
    return problem(
      c,
      403,
      "upload_headers_missing",
      "Send the headers of `upload.headers` as they are: If-None-Match: * is missing.",
    );
  if (verdict.outcome === "expired")
    return problem(
      c,
      403,
      "upload_url_expired",
      "The time to upload to this URL is over. Create another one.",
    );

  const { ref, maxBytes, part } = verdict;
  if (Number(c.req.header("Content-Length") ?? 0) > maxBytes) throw new BlobTooLargeError(maxBytes);
  const body = readRequest(c.req.raw, { maxBytes, idleSeconds });
  if (part) {
    await blobs.parts.put(ref, part, body);
    return c.json({}, 200, { ETag: `"${part.number}"` });
  }
  const created = await blobs.put(ref, body, {
    ifAbsent: true,
    ...(contentType !== null && { contentType }),
  });
  const facts = await blobs.head(ref);
  if (facts) await onStored(facts, created);
  if (!created) return problem(c, 412, "already_uploaded", "A recording was uploaded to this URL before.");
  return c.json({}, 200, facts ? { ETag: `"${facts.etag}"` } : {});
}

function refusal(c: Context, error: unknown, log: Log): Response {
  if (error instanceof UploadStalledError) return problem(c, 408, "upload_stalled", error.message);
  // Nobody is left to read this one.
  if (error instanceof UploadCutError) return problem(c, 400, "upload_incomplete", error.message);
  const status = statusOf(error);
  if (status === null || !(error instanceof ServiceError)) {
    log.error("upload.failed", { error: String(error) });
    return problem(c, 500, "internal_error", "The upload failed on our side. Send it again.");
  }
  return problem(c, status, error.code, error.message, error.details);
}

function statusOf(error: unknown): ContentfulStatusCode | null {
  if (error instanceof BlobTooLargeError) return 413;
  if (error instanceof InvalidRequestError) return 400;
  if (error instanceof ConflictError) return 409;
  if (error instanceof DeletedError) return 410;
  if (error instanceof StorageFullError) return 507;
  if (error instanceof StorageReadOnlyError) return 503;
  return null;
}

const FORM = /^(multipart\/form-data|application\/x-www-form-urlencoded)/i;
const NO_FORM =
  "A form was sent, and the recording itself is wanted as the body: curl -T FILE, not -F. Send the headers of upload.headers with it.";

const TITLES: Record<number, string> = {
  400: "Bad Request",
  403: "Forbidden",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  500: "Internal Server Error",
  503: "Service Unavailable",
  507: "Insufficient Storage",
};

/** RFC 9457. */
function problem(
  c: Context,
  status: ContentfulStatusCode,
  code: string,
  detail: string,
  details: Readonly<Record<string, unknown>> = {},
): Response {
  const document = { type: "about:blank", title: TITLES[status], status, code, detail, ...details };
  return c.body(JSON.stringify(document), status, { "Content-Type": "application/problem+json" });
}
