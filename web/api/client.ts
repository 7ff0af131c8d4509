import { TEXT } from "../text.ts";

/** An answer that is no success, or none at all: `status` 0. The message is for people. */
export class CallError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** The API of the service that this page came from, with one key. */
export class Api {
  readonly #key: string;
  readonly #onRefused: () => void;

  /** `onRefused`: the key opens nothing any more. */
  constructor(key: string, onRefused: () => void) {
    this.#key = key;
    this.#onRefused = onRefused;
  }

  get<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
    return this.#json("GET", path, options);
  }

  post<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
    return this.#json("POST", path, options);
  }

  async delete(path: string): Promise<void> {
    await this.send("DELETE", path, {});
  }

  async text(path: string, options: CallOptions = {}): Promise<string> {
    return (await this.send("GET", path, options)).text();
  }

  /** Throws CallError, or the signal's reason. */
  async send(method: string, path: string, { body, headers = {}, signal }: CallOptions): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(path, {
        method,
        headers: {
          authorization: `Bearer ${this.#key}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
        cache: "no-store",
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new CallError(0, "unreachable", `${TEXT.errors.unreachable} (${String(error)})`);
    }
    if (answer.ok) return answer;
    if (answer.status === 401) this.#onRefused();
    throw await problemOf(answer);
  }

  async #json<Answer>(method: string, path: string, options: CallOptions): Promise<Answer> {
    const answer = await this.send(method, path, options);
    return (await answer.json()) as Answer;
  }
}

/** What a problem document says, else the status. */
export async function problemOf(answer: { status: number; text(): Promise<string> }): Promise<CallError> {
  const text = await answer.text().catch(() => "");
  try {
    const {
      code,
      detail,
      errors = [],
    } = JSON.parse(text) as {
      code: string;
      detail: string;
      errors?: { field: string; message: string }[];
    };
    const fields = errors.map(({ field, message }) => `${field}: ${message}`).join("; ");
    return new CallError(answer.status, code, fields ? `${detail} ${fields}` : detail);
  } catch {
    return new CallError(answer.status, "unknown", TEXT.errors.status(answer.status));
  }
}

/** For Idempotency-Key. Not randomUUID, which pages without TLS lack. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
