import { createHmac, timingSafeEqual } from "node:crypto";
import type { BlobRef } from "../../jobs/ports/index.ts";

/** What an upload URL allows. */
export interface UploadGrant {
  ref: BlobRef;
  maxBytes: number;
  /** Milliseconds since 1970. */
  expires: number;
  /** What the request must say of itself; null: anything. */
  contentType: string | null;
  /** Absent: the whole object. */
  part?: UploadPart;
}

export interface UploadPart {
  uploadId: string;
  number: number;
}

export type UploadVerdict =
  | { outcome: "ok"; ref: BlobRef; maxBytes: number; part: UploadPart | null }
  | { outcome: "forged" }
  | { outcome: "expired" };

const PATH = "/uploads/";

export function signUpload(baseUrl: string, grant: UploadGrant, secret: Uint8Array): string {
  const { ref, maxBytes, expires, part } = grant;
  const path = [ref.bucket, ...ref.key.split("/")].map(encodeURIComponent).join("/");
  const signature = sign(grant, secret).toString("base64url");
  const which = part ? `upload=${part.uploadId}&part=${part.number}&` : "";
  return `${baseUrl.replace(/\/$/, "")}${PATH}${path}?${which}expires=${expires}&max=${maxBytes}&signature=${signature}`;
}

/** `contentType` is the request's own; `now` is in milliseconds since 1970. */
export function verifyUpload(
  { url, contentType }: { url: string; contentType: string | null },
  secret: Uint8Array,
  now: number,
): UploadVerdict {
  const claim = parse(url);
  if (!claim) return { outcome: "forged" };
  const { signature, ...grant } = claim;
  const bound = isSigned({ ...grant, contentType }, signature, secret);
  const free = isSigned({ ...grant, contentType: null }, signature, secret);
  if (!bound && !free) return { outcome: "forged" };
  if (now >= grant.expires) return { outcome: "expired" };
  return { outcome: "ok", ref: grant.ref, maxBytes: grant.maxBytes, part: grant.part ?? null };
}

/** Unambiguous, since every part is quoted. */
function sign({ ref, expires, maxBytes, contentType, part }: UploadGrant, secret: Uint8Array): Buffer {
  const which = part ? [part.uploadId, part.number] : [];
  const text = JSON.stringify(["PUT", ref.bucket, ref.key, expires, maxBytes, contentType, ...which]);
  return createHmac("sha256", secret).update(text).digest();
}

function isSigned(grant: UploadGrant, signature: Buffer, secret: Uint8Array): boolean {
  const expected = sign(grant, secret);
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

function parse(text: string): (Omit<UploadGrant, "contentType"> & { signature: Buffer }) | null {
  const url = URL.parse(text);
  if (!url?.pathname.startsWith(PATH)) return null;
  const names = decode(url.pathname.slice(PATH.length));
  const [expires, maxBytes] = [url.searchParams.get("expires"), url.searchParams.get("max")].map(wholeNumber);
  const signature = Buffer.from(url.searchParams.get("signature") ?? "", "base64url");
  if (!names || names.length < 2 || expires === null || maxBytes === null) return null;
  const ref = { bucket: names[0], key: names.slice(1).join("/") };
  const [uploadId, number] = [url.searchParams.get("upload"), wholeNumber(url.searchParams.get("part"))];
  if ((uploadId === null) !== (number === null)) return null;
  const part = uploadId !== null && number !== null ? { part: { uploadId, number } } : {};
  return { ref, expires, maxBytes, signature, ...part };
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function decode(path: string): string[] | null {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    return null;
  }
}
