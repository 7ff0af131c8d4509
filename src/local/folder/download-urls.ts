import { createHmac, timingSafeEqual } from "node:crypto";
import type { BlobRef } from "../../jobs/ports/index.ts";

/** What a download URL allows, and what its answer says of itself. */
export interface DownloadGrant {
  ref: BlobRef;
  /** Milliseconds since 1970. */
  expires: number;
  contentType: string;
  contentDisposition: string;
}

export const DOWNLOADS = "/downloads/";

export function signDownload(baseUrl: string, grant: DownloadGrant, secret: Uint8Array): string {
  const { ref, expires, contentType, contentDisposition } = grant;
  const path = [ref.bucket, ...ref.key.split("/")].map(encodeURIComponent).join("/");
  const query = new URLSearchParams({
    expires: String(expires),
    type: contentType,
    disposition: contentDisposition,
    signature: sign(grant, secret).toString("base64url"),
  });
  return `${baseUrl.replace(/\/$/, "")}${DOWNLOADS}${path}?${query}`;
}

/** Null where the URL is not as it was made. Whether it has expired is the caller's to see. */
export function verifyDownload(text: string, secret: Uint8Array): DownloadGrant | null {
  const url = URL.parse(text);
  const names = url && decode(url.pathname.slice(DOWNLOADS.length));
  if (!names || names.length < 2) return null;
  const { searchParams } = url;
  const grant = {
    ref: { bucket: names[0], key: names.slice(1).join("/") },
    expires: Number(searchParams.get("expires")),
    contentType: searchParams.get("type") ?? "",
    contentDisposition: searchParams.get("disposition") ?? "",
  };
  const signature = Buffer.from(searchParams.get("signature") ?? "", "base64url");
  const expected = sign(grant, secret);
  const isOurs = signature.length === expected.length && timingSafeEqual(signature, expected);
  return isOurs ? grant : null;
}

/** Unambiguous, since every part is quoted; no upload's signature is one for a download. */
function sign(grant: DownloadGrant, secret: Uint8Array): Buffer {
  const { ref, expires, contentType, contentDisposition } = grant;
  const text = JSON.stringify(["GET", ref.bucket, ref.key, expires, contentType, contentDisposition]);
  return createHmac("sha256", secret).update(text).digest();
}

function decode(path: string): string[] | null {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    return null;
  }
}
