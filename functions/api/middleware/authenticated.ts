import { createMiddleware } from "hono/factory";
import type { Services } from "../../../src/jobs/services.ts";
import { authenticate } from "../../../src/jobs/use-cases/authenticate.ts";
import type { ApiEnvironment } from "../environment.ts";

/** Throws UnauthorizedError. */
export function authenticated(services: Pick<Services, "store">) {
  return createMiddleware<ApiEnvironment>(async (context, next) => {
    context.set("caller", await authenticate(services, context.req.header("authorization")));
    await next();
  });
}
