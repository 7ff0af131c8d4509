import { createMiddleware } from "hono/factory";
import type { ApiEnvironment } from "../environment.ts";

/** No browser is to guess at types; what is behind a key is kept by nobody on the way. */
export const responseHeaders = createMiddleware<ApiEnvironment>(async (context, next) => {
  await next();
  context.res.headers.set("x-content-type-options", "nosniff");
  if (context.req.path.startsWith("/v1/")) context.res.headers.set("cache-control", "no-store");
});
