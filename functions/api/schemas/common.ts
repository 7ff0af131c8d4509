import { z } from "@hono/zod-openapi";
import { FORMAT_NAMES } from "../../../src/formats/index.ts";

/** Of a query that knows no parameters. */
export const NoQuery = z.strictObject({});

/** API Gateway gives an answer thirty seconds at most. */
const LONGEST_WAIT = 25;

/** Of a call that may be answered later: a long poll. */
export const WaitQuery = z.strictObject({
  wait: z
    .string()
    .regex(/^(\d|1\d|2[0-5])$/, `must be a whole number from 0 to ${LONGEST_WAIT}`)
    .transform(Number)
    .optional()
    .openapi({
      type: "integer",
      minimum: 0,
      maximum: LONGEST_WAIT,
      default: 0,
      description:
        "Seconds in which the answer waits for the transcription to end. It comes as soon as that is so, and after this time as it stands then.",
      example: 20,
    }),
});

export const Timestamp = z.iso
  .datetime()
  .openapi({ description: "ISO 8601, UTC.", example: "2026-01-31T12:00:00.000Z" });

export const FormatEnum = z.enum(FORMAT_NAMES as ["json", "text", "srt", "vtt"]);

export const TranscriptionId = "tr_0123456789abcdef0123456789abcdef";
export const BatchId = "ba_0123456789abcdef0123456789abcdef";

export function idParameter(example: string) {
  return z.strictObject({ id: z.string().openapi({ example }) });
}

export const IdempotencyHeader = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 visible ASCII characters")
    .optional()
    .openapi({
      description:
        "Makes the request safe to repeat: the same key with the same request is answered with what the first one made; with a different request it is refused. Use a fresh UUID for each new thing.",
      example: "0b6d1f0e-2f4c-4a53-9d7e-6a4c1d0a8f10",
    }),
});

const MOST = 100;

/** Members of the query of a list. */
export const pageMembers = {
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, `must be a whole number from 1 to ${MOST}`)
    .transform(Number)
    .optional()
    .openapi({
      type: "integer",
      minimum: 1,
      maximum: MOST,
      default: 20,
      description: "How many at most.",
      example: 20,
    }),
  after: z
    .string()
    .max(2000)
    .optional()
    .openapi({ description: "The `next` of the page before. Without it: the first page." }),
};

export const DEFAULT_PAGE = 20;

/** One page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item, name: string) {
  return z
    .object({
      data: z.array(item),
      next: z
        .string()
        .nullable()
        .openapi({ description: "To be sent as `after` for the next page; null at the end." }),
    })
    .openapi(name);
}
