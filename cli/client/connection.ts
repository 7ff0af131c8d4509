import { retryAfterSeconds } from "../../src/jobs/webhooks/schedule.ts";
import { type Deployment, isLoopback } from "./deployment.ts";
import { ConnectionError, toApiError } from "./problem.ts";
import { PATIENT_TRIES, pause, TRIES, type Wait, withRetries } from "./retry.ts";

export interface ApiRequest {
  method: "GET" | "POST" | "DELETE";
  /** Without a slash at its start. */
  path: string;
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** Makes a POST repeatable. */
  idempotencyKey?: string;
  /** Whether doing it twice is as good as once, where the method does not say. */
  repeatable?: boolean;
  /** Try for minutes rather than seconds. */
  patient?: boolean;
}

const ANSWER_MS = 30_000;
/** Connections that broke, or a name server that was away: a service that was never reached may still be there. */
const PASSING = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "UND_ERR_SOCKET"]);

/** Requests to one deployment, with the key, retries, and errors as ApiError and ConnectionError. */
export class Connection {
  readonly deployment: Deployment;
  readonly signal: AbortSignal;
  readonly wait: Wait;
  #reached = false;

  constructor(deployment: Deployment, signal: AbortSignal, wait: Wait = pause) {
    this.deployment = deployment;
    this.signal = signal;
    this.wait = wait;
  }

  /** The answer's text. Throws ApiError, ConnectionError, or the signal's reason. */
  async text(request: ApiRequest): Promise<string> {
    return this.#retry(request, async () => {
      const signal = AbortSignal.any([this.signal, AbortSignal.timeout(ANSWER_MS)]);
      try {
        return await (await this.#send(request, signal)).text();
      } catch (error) {
        throw this.#broken(error);
      }
    });
  }

  /** The answer as it comes, however long; only its beginning is tried again. */
  async stream(request: ApiRequest): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#retry(request, () => this.#send(request, this.signal));
    return response.body ?? new ReadableStream({ start: (controller) => controller.close() });
  }

  #retry<T>(request: ApiRequest, work: () => Promise<T>): Promise<T> {
    return withRetries(work, {
      signal: this.signal,
      wait: this.wait,
      tries: request.patient ? PATIENT_TRIES : TRIES,
      repeatable: request.repeatable ?? (request.method !== "POST" || request.idempotencyKey !== undefined),
    });
  }

  async #send(request: ApiRequest, signal: AbortSignal): Promise<Response> {
    const response = await this.#fetch(request, signal);
    this.#reached = true;
    if (response.ok) return response;
    const elsewhere = response.headers.get("location");
    // Where a large answer lies: the URL itself opens it, and the key is none of its business.
    if (response.status === 303 && elsewhere !== null) return this.#download(elsewhere, signal);
    const retryAfter = response.headers.get("retry-after");
    throw toApiError(
      response.status,
      await response.text(),
      retryAfter === null ? null : retryAfterSeconds(retryAfter, Date.now()),
      response.headers.get("location"),
    );
  }

  async #download(url: string, signal: AbortSignal): Promise<Response> {
    const response = await fetch(new URL(url, this.deployment.url), { signal, redirect: "manual" }).catch(
      (error: unknown) => {
        throw this.#broken(error);
      },
    );
    if (response.ok) return response;
    throw toApiError(response.status, await response.text(), null);
  }

  async #fetch({ method, path, query = {}, body, idempotencyKey }: ApiRequest, signal: AbortSignal) {
    const url = new URL(path, this.deployment.url);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers = {
      authorization: `Bearer ${this.deployment.key}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    };
    try {
      return await fetch(url, {
        method,
        headers,
        signal,
        // The key is for this service; where it has moved, the user should know.
        redirect: "manual",
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw this.#broken(error);
    }
  }

  /** Errors of fetch in our words; others as they are. */
  #broken(error: unknown): unknown {
    if (!(error instanceof Error) || this.signal.aborted) return error;
    const { url } = this.deployment;
    if (error.name === "TimeoutError")
      return new ConnectionError(`${url.origin} did not answer within ${ANSWER_MS / 1000} s.`, false);
    if (!(error instanceof TypeError)) return error;
    const cause = error.cause as { code?: unknown; message?: string } | undefined;
    const reason = String(cause?.code ?? cause?.message ?? error.message);
    const remedy = isLoopback(url)
      ? "Is the service running? Start it with: npm start"
      : "Check --url or SCRIPTORIUM_URL, and the network.";
    const message = `The service at ${url.origin} cannot be reached (${reason}). ${remedy}`;
    return new ConnectionError(message, !this.#reached && !PASSING.has(reason), { cause: error });
  }
}
