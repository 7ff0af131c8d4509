import { createMiddleware } from "hono/factory";
import type { Ids } from "../../../src/jobs/ports/index.ts";
import type { ApiEnvironment } from "../environment.ts";

const SANE = /^[A-Za-z0-9._:/+=@-]{1,128}$/;
const BYTES = 16;

/** `x-request-id`: the caller's own where it may stand in a log, else a new one. Every answer has it. */
export function requestId(ids: Ids) {
  return createMiddleware<ApiEnvironment>(async (context, next) => {
    const id = requestIdOf(context.req.raw, ids);
    context.set("requestId", id);
    await next();
    context.res.headers.set("x-request-id", id);
  });
}

/** For answers that are not the API's. */
export function requestIdOf({ headers }: Request, ids: Ids): string {
  const given = headers.get("x-request-id");
  return given !== null && SANE.test(given) ? given : freshId(ids);
}

function freshId(ids: Ids): string {
  const digits = Array.from(ids.secretBytes(BYTES), (byte) => byte.toString(16).padStart(2, "0"));
  return `req_${digits.join("")}`;
}
