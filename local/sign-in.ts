import { randomBytes, timingSafeEqual } from "node:crypto";

export const SIGN_IN = "/sign-in";
const TOKEN_BYTES = 24;
const MOST_BODY_BYTES = 1000;

/**
 * Opens the page without a key being typed: a token that stands in the link of the start, in its fragment, which no browser
 * sends, is exchanged for the key once. Whoever finds the link later finds nothing.
 */
export class SignIn {
  readonly #key: string;
  #token: string | null = randomBytes(TOKEN_BYTES).toString("base64url");

  constructor(key: string) {
    this.#key = key;
  }

  /** To be opened in a browser. */
  link(url: string): string {
    return this.#token === null ? url : `${url}/#once=${this.#token}`;
  }

  /** `POST /sign-in` with `{"token"}`. */
  async answer(request: Request): Promise<Response> {
    const token = await tokenOf(request);
    if (token === null || this.#token === null || !same(token, this.#token))
      return answer(401, {
        type: "about:blank",
        title: "Unauthorized",
        status: 401,
        code: "unauthorized",
        detail: "The link was used before, or the service has started anew since. Use the key.",
      });
    this.#token = null;
    return answer(200, { key: this.#key });
  }
}

async function tokenOf(request: Request): Promise<string | null> {
  if (Number(request.headers.get("content-length") ?? MOST_BODY_BYTES + 1) > MOST_BODY_BYTES) return null;
  // Another site's form cannot send this type.
  if (request.headers.get("content-type") !== "application/json") return null;
  const body: unknown = await request.json().catch(() => null);
  const token = (body as { token?: unknown } | null)?.token;
  return typeof token === "string" ? token : null;
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function answer(status: number, body: object): Response {
  const type = status === 200 ? "application/json" : "application/problem+json";
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": type, "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}
