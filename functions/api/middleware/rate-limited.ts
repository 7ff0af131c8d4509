import { createMiddleware } from "hono/factory";
import { RateLimitedError } from "../../../src/jobs/errors.ts";
import type { RateLimiter } from "../../../src/jobs/ports/index.ts";
import type { ApiEnvironment } from "../environment.ts";

/** Says the policy and what is left of it in each answer (draft-ietf-httpapi-ratelimit-headers-10). Throws RateLimitedError. */
export function rateLimited(limiter: RateLimiter, requestsPerMinute: number) {
  return createMiddleware<ApiEnvironment>(async (context, next) => {
    context.header("ratelimit-policy", `"key";q=${requestsPerMinute};w=60`);
    const taken = await limiter.take(context.get("caller").keyId);
    const { allowed, retryAfterSeconds, remaining, resetSeconds } = taken;
    context.header("ratelimit", `"key";r=${remaining};t=${resetSeconds}`);
    if (!allowed) throw new RateLimitedError(Math.max(1, Math.ceil(retryAfterSeconds)));
    await next();
  });
}
