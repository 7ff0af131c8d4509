import { z } from "@hono/zod-openapi";
import { header } from "./problem.ts";

export const BEARER = [{ apiKey: [] }];

const REQUEST_ID = { "X-Request-Id": header("To quote when asking about this request.") };

export function jsonAnswer<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  headers: Record<string, ReturnType<typeof header>> = {},
) {
  return { description, headers: { ...REQUEST_ID, ...headers }, content: { "application/json": { schema } } };
}

export const DownloadLinkSchema = z
  .object({
    download_url: z.url(),
    expires_at: z.string(),
  })
  .openapi("DownloadLink", { description: "Where to GET it, without the API key." });

/** What is too large to be answered at once. */
export const seeOtherAnswer = jsonAnswer(
  "It is larger than 2.5 MB: GET it there, without the API key.",
  DownloadLinkSchema,
  {
    Location: header("The same as `download_url`."),
  },
);

/** Answers of a call that creates something, or finds that it has done so before. */
export function createdAnswers<Schema extends z.ZodType>(what: string, schema: Schema) {
  const location = { Location: header(`Path of the ${what}.`) };
  const replayed = { "Idempotent-Replayed": header("`true`") };
  return {
    201: jsonAnswer(`The new ${what}.`, schema, location),
    200: jsonAnswer(
      `The ${what} that an earlier request with this Idempotency-Key made, as it stands now.`,
      schema,
      { ...location, ...replayed },
    ),
  };
}
