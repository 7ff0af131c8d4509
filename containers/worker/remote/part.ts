import type { IncomingMessage } from "node:http";
import { RemoteError, unreachable } from "./errors.ts";

/** By what a content is known again; null where the server does not say. */
export interface Identity {
  /** A strong one alone: a weak one does not vouch for every byte. */
  etag: string | null;
  lastModified: string | null;
  /** Bytes, all of it. */
  size: number | null;
}

/** A body, from some byte on. */
export interface Part {
  response: IncomingMessage;
  identity: Identity;
  /** Where the body begins. */
  from: number;
}

/** What asks for the rest of a content, and for the same one only. */
export function restHeaders(at: number, known: Identity | null): Record<string, string> {
  if (at === 0 || !known) return {};
  const same = known.etag ?? known.lastModified;
  return { range: `bytes=${at}-`, ...(same !== null && { "if-range": same }) };
}

/**
 * The answer to a request for the content from byte `at` on, of which `known` was read before. Throws RemoteError where
 * it is none; where the content has changed meanwhile, one that lasts for this reading only.
 */
export function partOf(response: IncomingMessage, host: string, at: number, known: Identity | null): Part {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200 && statusCode !== 206) throw refusal(statusCode, host);
  const range = /^bytes (\d+)-\d*\/(\d+|\*)$/.exec(String(headers["content-range"] ?? ""));
  const length = headers["content-length"] === undefined ? null : Number(headers["content-length"]);
  const isPart = statusCode === 206;
  const from = isPart ? Number(range?.[1] ?? Number.NaN) : 0;
  const total = isPart ? wholeNumber(range?.[2]) : length;
  const etag = headers.etag?.startsWith('"') ? headers.etag : null;
  const identity = { etag, lastModified: headers["last-modified"] ?? null, size: total };
  // A part that was not asked for, or another one.
  if (isPart && from !== at)
    throw new RemoteError("source_unreachable", `${host} answered with a part that was not asked for.`, true);
  if (at > 0 && !isSame(identity, known, isPart))
    throw unreachable(`The recording at ${host} changed while it was being fetched.`);
  return { response, identity, from };
}

/** What begins again from the first byte must be vouched for: its length alone does not. */
function isSame(now: Identity, known: Identity | null, isPart: boolean): boolean {
  if (!known || now.etag !== known.etag || now.lastModified !== known.lastModified) return false;
  if (now.size !== null && known.size !== null && now.size !== known.size) return false;
  return isPart || now.etag !== null || now.lastModified !== null;
}

function refusal(status: number, host: string): RemoteError {
  const message = `${host} answered ${status}`;
  if (status === 404 || status === 410)
    return new RemoteError("not_found", `${message}: there is no recording at that URL.`, true);
  if (status === 401 || status === 403)
    return new RemoteError(
      "access_denied",
      `${message}: it does not let the service in. Send what opens it in \`source.headers\`.`,
      true,
    );
  const passes = status >= 500 || status === 408 || status === 425 || status === 429 || status === 416;
  return passes
    ? unreachable(`${message}.`)
    : new RemoteError("source_unreachable", `${message}, which is no recording.`, true);
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
