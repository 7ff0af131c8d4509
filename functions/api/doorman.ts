import { createHash, timingSafeEqual } from "node:crypto";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { Clock } from "../../src/jobs/ports/index.ts";
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode } from "./problems.ts";

export interface DoormanOptions {
  clock: Clock;
  requestsPerMinute: number;
  /** What the content delivery network says in front of the API; null where there is none. */
  edgeSecret: string | null;
}

type Refusal = APIGatewayProxyStructuredResultV2;

/** Put there by the distribution (infra/edge.ts). */
export const EDGE_HEADER = "x-scriptorium-edge";
const MINUTE_MS = 60_000;
/** Counted apart; of more than so many different headers in a minute the count begins anew. */
const MOST_HEADERS = 10_000;

/**
 * Looks at a request before anything is read for it; what it answers is a refusal, null lets it in. Refused is what
 * does not come by way of the distribution, where there is one, and what is more in a minute of the clock, from this process
 * alone, than a key may send over all processes: whether the key is known or not.
 */
export function doorman(options: DoormanOptions): (event: APIGatewayProxyEventV2) => Refusal | null {
  const { clock, requestsPerMinute, edgeSecret } = options;
  let minute = 0;
  const counts = new Map<string, number>();
  const countOf = (authorization: string) => {
    const now = Math.floor(clock.now() / MINUTE_MS);
    if (now !== minute || counts.size >= MOST_HEADERS) counts.clear();
    minute = now;
    const name = digest(authorization).toString("base64");
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count;
  };
  return ({ headers }) => {
    if (edgeSecret !== null && !isSame(headers[EDGE_HEADER] ?? "", edgeSecret))
      return refusal("not_found", "The API is not reached by this address.");
    const { authorization } = headers;
    if (authorization === undefined || countOf(authorization) <= requestsPerMinute) return null;
    const seconds = Math.ceil(((minute + 1) * MINUTE_MS - clock.now()) / 1000);
    return refusal("rate_limited", "Too many requests with this key.", { "retry-after": String(seconds) });
  };
}

function refusal(code: ProblemCode, detail: string, headers: Record<string, string> = {}): Refusal {
  const { status, title } = PROBLEMS[code];
  return {
    statusCode: status,
    headers: { "content-type": PROBLEM_TYPE, ...headers },
    body: JSON.stringify({ type: "about:blank", title, status, code, detail }),
  };
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
