import { z } from "@hono/zod-openapi";
import type { Api } from "../environment.ts";
import { answersOf, header, TOO_LONG } from "./problem.ts";

const SIGNED = "Comes with the URL.";

/** The call that `upload` of a created transcription asks for. The API itself does not answer it: who keeps recordings does. */
export function registerUpload({ openAPIRegistry }: Api): void {
  openAPIRegistry.registerPath({
    method: "put",
    path: "/uploads/{path}",
    operationId: "uploadRecording",
    tags: ["Transcriptions"],
    summary: "Upload the recording",
    description:
      "Send it as it is to `upload.url`, which opens it once and without the API key, with the headers of `upload.headers`. The URL is to be taken whole: it is made as here where the service keeps recordings on its own machine. On AWS it leads to S3, whose errors are XML with much the same status.",
    security: [],
    request: {
      params: z.strictObject({ path: z.string().openapi({ description: SIGNED, example: "scriptorium" }) }),
      query: z.strictObject({
        expires: z.string().optional().openapi({ description: SIGNED }),
        max: z.string().optional().openapi({ description: SIGNED }),
        signature: z.string().optional().openapi({ description: SIGNED }),
      }),
      headers: z.object({
        "if-none-match": z.string().optional().openapi({ description: "`*`, as in `upload.headers`." }),
      }),
      body: {
        required: true,
        content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
      },
    },
    responses: {
      200: {
        description: "It is kept, and queued.",
        headers: { ETag: header("Of the recording."), "X-Request-Id": header("As everywhere.") },
        content: { "application/json": { schema: z.strictObject({}) } },
      },
      ...answersOf([
        "upload_incomplete",
        "upload_url_invalid",
        "upload_headers_missing",
        "upload_url_expired",
        "not_found",
        "upload_stalled",
        "not_awaited",
        "deleted",
        "already_uploaded",
        "too_large",
        "unsupported_media_type",
        "internal_error",
        "storage_read_only",
        "storage_full",
      ]),
      431: TOO_LONG,
    },
  });
}
