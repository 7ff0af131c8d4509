import http, { type IncomingMessage } from "node:http";
import https, { type RequestOptions } from "node:https";
import { hostOf } from "../../src/jobs/public-url.ts";
import type { WebhookAnswer, WebhookPost, WebhookRequest } from "../../src/jobs/webhooks/post.ts";
import { type Resolve, resolveByDns } from "../../src/net/checked-addresses.ts";
import { pinnedLookup, readableError } from "../../src/net/pinned-lookup.ts";
import { type Endpoint, resolveEndpoint } from "./resolve-endpoint.ts";

const USER_AGENT = "Scriptorium/1 (webhooks)";
/** Of an answer's body. It says nothing to us; a short one is taken so that the endpoint can send it in peace. */
const MOST_BODY_BYTES = 4096;

/**
 * Sends over HTTPS, without keep-alive and without following redirects, to the very addresses that were checked.
 * `timeoutSeconds` is for all of it: name, connection, headers, and what is taken of the body.
 */
export function makeHttpPost({
  resolve = resolveByDns,
  timeoutSeconds = 20,
}: {
  resolve?: Resolve;
  timeoutSeconds?: number;
} = {}): WebhookPost {
  return async (request) => {
    const timeout = new AbortController();
    const late = new Error(`The endpoint did not answer within ${timeoutSeconds} s.`);
    const timer = setTimeout(() => timeout.abort(late), timeoutSeconds * 1000);
    try {
      const { allowLocal } = request;
      const resolving = resolveEndpoint(request.url, { allowLocal, resolve });
      const endpoint = await orAborted(resolving, timeout.signal);
      return await sendTo(endpoint, request, timeout.signal);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Send to an endpoint that has been checked. Throws the signal's reason once it is aborted. */
export function sendTo(
  endpoint: Endpoint,
  { headers, body }: Pick<WebhookRequest, "headers" | "body">,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  signal.throwIfAborted();
  const { url } = endpoint;
  const options: RequestOptions = {
    method: "POST",
    headers: {
      ...headers,
      "user-agent": USER_AGENT,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    },
    host: hostOf(url),
    port: url.port,
    path: url.pathname + url.search,
    agent: false,
    lookup: pinnedLookup(endpoint.addresses),
    rejectUnauthorized: true,
  };
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    let answer: WebhookAnswer | null = null;
    let failure = new Error("The endpoint closed the connection without an answer.");
    const sent = request(options);
    const abort = () => sent.destroy(signal.reason);
    signal.addEventListener("abort", abort);
    sent.on("response", (response) => {
      answer = { status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] ?? null };
      discard(response);
    });
    sent.on("error", (error) => (failure = error));
    sent.on("close", () => {
      signal.removeEventListener("abort", abort);
      // Once the headers are there the answer stands, however its body ends.
      answer ? resolve(answer) : reject(readableError(failure));
    });
    sent.end(body);
  });
}

function discard(response: IncomingMessage): void {
  let taken = 0;
  response.on("error", () => undefined);
  response.on("data", (chunk: Buffer) => {
    taken += chunk.length;
    if (taken > MOST_BODY_BYTES) response.destroy();
  });
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([promise, aborted]);
}
