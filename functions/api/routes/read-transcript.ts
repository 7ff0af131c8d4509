import { createRoute, z } from "@hono/zod-openapi";
import { FORMATS } from "../../../src/formats/index.ts";
import { sha256Hex } from "../../../src/jobs/digest.ts";
import { BlobNotFoundError } from "../../../src/jobs/errors.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { getTranscription } from "../../../src/jobs/use-cases/get-transcription.ts";
import { readTranscript } from "../../../src/jobs/use-cases/read-transcript.ts";
import { negotiateFormat } from "../accept.ts";
import { contentDisposition } from "../content-disposition.ts";
import type { Api } from "../environment.ts";
import { BEARER } from "../schemas/answers.ts";
import { FormatEnum, idParameter, TranscriptionId } from "../schemas/common.ts";
import { header, problemAnswers } from "../schemas/problem.ts";
import { TranscriptSchema } from "../schemas/transcript.ts";

const text = z.string();

const route = createRoute({
  method: "get",
  path: "/v1/transcriptions/{id}/transcript",
  operationId: "readTranscript",
  tags: ["Transcriptions"],
  summary: "Read a transcript",
  description: "In the format that `format` names or, without it, that the Accept header prefers; else JSON.",
  security: BEARER,
  request: {
    params: idParameter(TranscriptionId),
    query: z.strictObject({ format: FormatEnum.optional() }),
    headers: z.object({
      accept: z.string().optional().openapi({ example: "text/vtt" }),
      "if-none-match": z.string().optional(),
    }),
  },
  responses: {
    200: {
      description: "The transcript.",
      headers: { ETag: header("Changes with the content."), "Content-Disposition": header("A file name.") },
      content: {
        "application/json": { schema: TranscriptSchema },
        "text/plain": { schema: text },
        "application/x-subrip": { schema: text },
        "text/vtt": { schema: text },
      },
    },
    304: { description: "It is the one that If-None-Match names." },
    ...problemAnswers("not_found", "not_acceptable", "not_completed", "deleted"),
  },
});

export function addReadTranscript(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const caller = context.get("caller");
    const { id } = context.req.valid("param");
    const { accept, "if-none-match": known } = context.req.valid("header");
    const { fileName } = await getTranscription(services, caller, id);
    const format = context.req.valid("query").format ?? negotiateFormat(accept);
    const transcript = await readTranscript(services, caller, id).catch((error: unknown) => {
      // Deleted between the record and the bytes: the record says so now.
      if (error instanceof BlobNotFoundError) return readTranscript(services, caller, id);
      throw error;
    });
    const body = FORMATS[format].render(transcript);
    const etag = `"${(await sha256Hex(body)).slice(0, 32)}"`;
    context.header("vary", "Accept");
    context.header("etag", etag);
    if (isKnown(etag, known)) return context.body(null, 304);
    context.header("content-type", FORMATS[format].mediaType);
    context.header("content-disposition", contentDisposition(fileName, id, format));
    return context.body(body, 200);
  });
}

/** Whether If-None-Match names it, compared weakly (RFC 9110, 13.1.2). */
function isKnown(etag: string, known: string | undefined): boolean {
  const names = (known ?? "").split(",").map((name) => name.trim().replace(/^W\//, ""));
  return names.includes("*") || names.includes(etag);
}
