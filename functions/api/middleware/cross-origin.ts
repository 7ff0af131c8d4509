import { cors } from "hono/cors";

/** Any page may call: what opens the API is the key in a header, which no browser sends by itself. No cookies. */
export const crossOrigin = cors({
  origin: "*",
  allowMethods: ["GET", "POST", "DELETE"],
  allowHeaders: ["authorization", "content-type", "idempotency-key", "x-request-id"],
  exposeHeaders: [
    "content-disposition",
    "etag",
    "idempotent-replayed",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "x-request-id",
  ],
  maxAge: 24 * 3600,
});
