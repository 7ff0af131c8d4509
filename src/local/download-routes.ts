import { type Context, Hono } from "hono";
import { BlobNotFoundError } from "../jobs/errors.ts";
import type { BlobFacts, Clock } from "../jobs/ports/index.ts";
import { byteRange } from "./byte-range.ts";
import { DOWNLOADS, type DownloadGrant, verifyDownload } from "./folder/download-urls.ts";
import type { FolderBlobStore } from "./folder-blob-store.ts";

export interface DownloadRoutesOptions {
  blobs: Pick<FolderBlobStore, "get" | "head">;
  clock: Clock;
  /** The one that the download URLs are signed with. */
  secret: Uint8Array;
}

/** `GET /downloads/…` for the URLs of FolderBlobStore, as S3 answers its own. Any page may read them: CORS `*`. */
export function downloadRoutes(options: DownloadRoutesOptions): Hono {
  const { clock, secret } = options;
  const routes = new Hono();
  routes.get(`${DOWNLOADS}*`, async (c) => {
    const grant = verifyDownload(c.req.url, secret);
    if (!grant) return c.text("The URL is not as it was made.\n", 403);
    if (clock.now() >= grant.expires) return c.text("The URL's time is over. Ask for another one.\n", 403);
    try {
      return await answer(c, options, grant);
    } catch (error) {
      if (error instanceof BlobNotFoundError) return c.text("There is nothing any more.\n", 404);
      throw error;
    }
  });
  return routes;
}

/** All of it, or the range that is asked for: a player of sound begins where its listener wants to. */
async function answer(c: Context, { blobs }: DownloadRoutesOptions, grant: DownloadGrant): Promise<Response> {
  const { ref } = grant;
  const facts = await blobs.head(ref);
  if (!facts) throw new BlobNotFoundError(ref.bucket, ref.key);
  const { size } = facts;
  const current = [undefined, `"${facts.etag}"`].includes(c.req.header("if-range"));
  const range = current ? byteRange(c.req.header("range"), size) : null;
  if (range === "unsatisfiable")
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${size}` } });
  const headers = headersOf(facts, grant);
  if (range) {
    headers.set("content-range", `bytes ${range.from}-${range.to}/${size}`);
    headers.set("content-length", String(range.to - range.from + 1));
  }
  const status = range ? 206 : 200;
  // What is not read would stay open.
  if (c.req.raw.method === "HEAD") return new Response(null, { status, headers });
  const { body } = await blobs.get(ref, range);
  return new Response(ReadableStream.from(body), { status, headers });
}

function headersOf({ size, etag }: BlobFacts, { contentDisposition, contentType }: DownloadGrant): Headers {
  return new Headers({
    "accept-ranges": "bytes",
    "access-control-allow-origin": "*",
    "cache-control": "no-store",
    "content-disposition": contentDisposition,
    "content-length": String(size),
    // What somebody uploaded is never a page of this service.
    "content-security-policy": "sandbox; default-src 'none'",
    "content-type": contentType,
    etag: `"${etag}"`,
    "x-content-type-options": "nosniff",
  });
}
