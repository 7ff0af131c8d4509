import { createMiddleware } from "hono/factory";
import { RateLimitedError } from "../../../src/jobs/errors.ts";
import type { RateLimiter } from "../../../src/jobs/ports/index.ts";
import type { ApiEnvironment } from "../environment.ts";

/** Says the policy in each answer (draft-ietf-httpapi-ratelimit-headers). Throws RateLimitedError. */
export function rateLimited(limiter: RateLimiter, requestsPerMinute: number) {
  return createMiddleware<ApiEnvironment>(async (context, next) => {
    context.header("ratelimit-policy", `"key";q=${requestsPerMinute};w=60`);
    const { allowed, retryAfterSeconds } = await limiter.take(context.get("caller").keyId);
    if (!allowed) throw new RateLimitedError(Math.max(1, Math.ceil(retryAfterSeconds)));
    await next();
  });
}
