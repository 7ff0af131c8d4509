import type { Context } from "hono";
import type { BlobRef } from "../../src/jobs/ports/index.ts";
import { type Services, timestamp } from "../../src/jobs/services.ts";
import type { ApiEnvironment } from "./environment.ts";

/**
 * Lambda answers with 6 MB at most, as JSON: every quote and backslash of a body takes one more byte there, and those of
 * a key in a summary two. Half of it, less something for headers, always fits.
 */
export const INLINE_BYTES = 2_500_000;

const DOWNLOAD_SECONDS = 15 * 60;

/** Where an answer can be fetched without a key. */
export interface Download {
  ref: BlobRef;
  mediaType: string;
  disposition: string;
}

export interface DownloadLink {
  download_url: string;
  expires_at: string;
}

export async function downloadLink(
  { blobs, clock }: Services,
  { ref, mediaType, disposition }: Download,
  seconds = DOWNLOAD_SECONDS,
): Promise<DownloadLink> {
  const { url, expiresAt } = await blobs.createDownloadUrl(ref, {
    expiresAt: timestamp(clock, seconds),
    contentType: mediaType,
    contentDisposition: disposition,
  });
  return { download_url: url, expires_at: expiresAt };
}

/** The answer lies elsewhere: most clients go there by themselves, and without the key. */
export async function seeOther(context: Context<ApiEnvironment>, services: Services, download: Download) {
  const link = await downloadLink(services, download);
  context.header("location", link.download_url);
  context.header("content-type", "application/json");
  return context.json(link, 303);
}
