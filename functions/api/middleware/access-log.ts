import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import type { Services } from "../../../src/jobs/services.ts";
import type { ApiEnvironment } from "../environment.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * A line and a measurement for every request. Paths appear as patterns and odd methods as one, lest a stranger make up
 * new time series; headers and bodies do not appear.
 */
export function accessLog({ log, metrics, clock }: Pick<Services, "log" | "metrics" | "clock">) {
  return createMiddleware<ApiEnvironment>(async (context, next) => {
    const begin = clock.now();
    await next();
    const ms = clock.now() - begin;
    const method = METHODS.includes(context.req.method) ? context.req.method : "OTHER";
    const route = matchedRoutes(context).findLast(({ path }) => !path.includes("*"))?.path ?? "unknown";
    const { status } = context.res;
    const caller = context.get("caller");
    log.info("request.served", {
      request_id: context.get("requestId"),
      method,
      route,
      status,
      ms,
      ...(caller && { owner: caller.owner, key_id: caller.keyId }),
    });
    metrics.requestServed({ method, route, status, seconds: ms / 1000 });
  });
}
