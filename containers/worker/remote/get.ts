import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { InvalidRequestError } from "../../../src/jobs/errors.ts";
import { checkPublicUrl, hostOf } from "../../../src/jobs/public-url.ts";
import { AddressRefusedError, checkedAddresses, type Resolve } from "../../../src/net/checked-addresses.ts";
import { pinnedLookup, readableError } from "../../../src/net/pinned-lookup.ts";
import { RemoteError, unreachable } from "./errors.ts";

export interface GetOptions {
  resolve: Resolve;
  /** This machine itself as well, by http too. */
  allowLocal: boolean;
  /** For the name, the connection and the headers together; and for each piece of the body. */
  idleSeconds: number;
  signal: AbortSignal;
}

const USER_AGENT = "Scriptorium/1 (recordings)";
const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * GET, from the very addresses that were checked, and through redirects, each of which is checked as the first URL was.
 * The caller's headers go to the origin that they were meant for and nowhere else. Whatever the status, the body is to
 * be read or destroyed. Throws RemoteError, the signal's reason.
 */
export async function get(
  text: string,
  own: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string>>,
  options: GetOptions,
): Promise<IncomingMessage> {
  const { origin } = new URL(text);
  let at = text;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const url = check(at, options.allowLocal);
    const headers = { ...(url.origin === origin && own), ...ours, "user-agent": USER_AGENT };
    const response = await answerOf(url, headers, options);
    const location = REDIRECTS.includes(response.statusCode ?? 0) ? response.headers.location : undefined;
    if (location === undefined) return response;
    response.destroy();
    const next = URL.parse(location, url.href);
    if (!next) throw new RemoteError("source_unreachable", `${url.host} redirects to no URL.`, true);
    next.hash = "";
    at = next.href;
  }
  throw new RemoteError("source_unreachable", `There are more than ${MOST_REDIRECTS} redirects.`, true);
}

function check(text: string, allowLocal: boolean): URL {
  try {
    const insteadOfCredentials = "send them in `source.headers`";
    checkPublicUrl(text, { field: "source.url", allowLocal, insteadOfCredentials });
    return new URL(text);
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    throw new RemoteError("address_refused", error.message, true, { cause: error });
  }
}

async function answerOf(url: URL, headers: Record<string, string>, options: GetOptions) {
  const { resolve, allowLocal, idleSeconds, signal } = options;
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(unreachable(`${url.host} did not answer within ${idleSeconds} s.`)),
    idleSeconds * 1000,
  );
  const either = AbortSignal.any([signal, late.signal]);
  try {
    const addresses = await orAborted(checkedAddresses(hostOf(url), { allowLocal, resolve }), either);
    return await send(url, headers, addresses, either, signal);
  } catch (error) {
    either.throwIfAborted();
    if (error instanceof AddressRefusedError)
      throw new RemoteError("address_refused", error.message, true, { cause: error });
    const { message } = readableError(error as Error);
    throw unreachable(`${url.host} cannot be reached: ${message}.`, error);
  } finally {
    clearTimeout(timer);
  }
}

/** `early` ends the wait for the headers, `signal` the body as well. */
function send(
  url: URL,
  headers: Record<string, string>,
  addresses: readonly string[],
  early: AbortSignal,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request({
      method: "GET",
      headers: { ...headers, accept: "audio/*, video/*, */*;q=0.5", "accept-encoding": "identity" },
      host: hostOf(url),
      port: url.port,
      path: url.pathname + url.search,
      agent: false,
      lookup: pinnedLookup(addresses),
      rejectUnauthorized: true,
    });
    const abort = () => void sent.destroy(early.reason);
    if (early.aborted) abort();
    early.addEventListener("abort", abort);
    sent.on("response", (response) => {
      early.removeEventListener("abort", abort);
      const end = () => response.destroy(signal.reason);
      signal.addEventListener("abort", end);
      response.on("close", () => signal.removeEventListener("abort", end));
      // Read or not: a connection that breaks must not end the process.
      response.on("error", () => undefined);
      resolve(response);
    });
    sent.on("error", reject);
    sent.end();
  });
}

function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}
