import { Hono } from "hono";
import { BlobNotFoundError } from "../jobs/errors.ts";
import type { BlobStore, Clock } from "../jobs/ports/index.ts";
import { DOWNLOADS, verifyDownload } from "./folder/download-urls.ts";

export interface DownloadRoutesOptions {
  blobs: BlobStore;
  clock: Clock;
  /** The one that the download URLs are signed with. */
  secret: Uint8Array;
}

/** `GET /downloads/…` for the URLs of FolderBlobStore, as S3 answers its own. Any page may read them: CORS `*`. */
export function downloadRoutes({ blobs, clock, secret }: DownloadRoutesOptions): Hono {
  const routes = new Hono();
  routes.get(`${DOWNLOADS}*`, async (c) => {
    const grant = verifyDownload(c.req.url, secret);
    if (!grant) return c.text("The URL is not as it was made.\n", 403);
    if (clock.now() >= grant.expires) return c.text("The URL's time is over. Ask for another one.\n", 403);
    try {
      const { facts, body } = await blobs.get(grant.ref);
      return new Response(ReadableStream.from(body), {
        headers: {
          "access-control-allow-origin": "*",
          "cache-control": "no-store",
          "content-disposition": grant.contentDisposition,
          "content-length": String(facts.size),
          "content-type": grant.contentType,
          etag: `"${facts.etag}"`,
        },
      });
    } catch (error) {
      if (error instanceof BlobNotFoundError) return c.text("There is nothing any more.\n", 404);
      throw error;
    }
  });
  return routes;
}
