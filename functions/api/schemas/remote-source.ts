import { z } from "@hono/zod-openapi";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** What the service says itself, or what belongs to the connection. */
const OURS =
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|range|if-.*|accept-encoding|proxy-.*|user-agent)$/i;
const MOST_HEADERS = 20;

/** A recording that lies elsewhere on the web. */
export function remoteSource() {
  return z
    .strictObject({
      url: z.string().min(1).max(2048).openapi({
        description: "https, to a public address. Its query is not shown again.",
        example: "https://example.com/call-17.wav",
      }),
      headers: z
        .record(
          z
            .string()
            .regex(NAME, "must be the name of a header")
            .refine((name) => !OURS.test(name), "must not be one that the service sets itself"),
          z.string().regex(/^[\x20-\x7e]{0,4096}$/, "must be ASCII, 4096 characters at most"),
        )
        .refine((headers) => Object.keys(headers).length <= MOST_HEADERS, `must be ${MOST_HEADERS} at most`)
        .optional()
        .openapi({
          description:
            "To be sent to that origin, such as Authorization. Never shown again, and forgotten at the end.",
          maxProperties: MOST_HEADERS,
        }),
    })
    .openapi("RemoteSource");
}
