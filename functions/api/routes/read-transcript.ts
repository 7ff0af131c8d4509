import { createRoute, z } from "@hono/zod-openapi";
import { FORMATS } from "../../../src/formats/index.ts";
import { sha256Hex } from "../../../src/jobs/digest.ts";
import { BlobNotFoundError } from "../../../src/jobs/errors.ts";
import { resultKey } from "../../../src/jobs/object-keys.ts";
import type { BlobRef } from "../../../src/jobs/ports/index.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { getTranscription } from "../../../src/jobs/use-cases/get-transcription.ts";
import { findCompleted, readTranscript, renderHere } from "../../../src/jobs/use-cases/read-transcript.ts";
import { negotiateFormat } from "../accept.ts";
import { contentDisposition } from "../content-disposition.ts";
import type { Api, ApiOptions } from "../environment.ts";
import { INLINE_BYTES, seeOther } from "../large-answers.ts";
import { BEARER, seeOtherAnswer } from "../schemas/answers.ts";
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
  description:
    "In the format that `format` names or, without it, that the Accept header prefers; else JSON. One of more than 2.5 MB is a 303 to where it lies.",
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
    303: seeOtherAnswer,
    304: { description: "It is the one that If-None-Match names." },
    ...problemAnswers("not_found", "not_acceptable", "not_completed", "deleted"),
  },
});

export function addReadTranscript(app: Api, services: Services, { render = renderHere }: ApiOptions): void {
  app.openapi(route, async (context) => {
    const caller = context.get("caller");
    const { id } = context.req.valid("param");
    const { accept, "if-none-match": known } = context.req.valid("header");
    await getTranscription(services, caller, id);
    const format = context.req.valid("query").format ?? negotiateFormat(accept);
    const record = await findCompleted(services, caller, id);
    const read = readTranscript(services, record, format, { mostBytes: INLINE_BYTES, render });
    const { facts, text } = await read.catch(async (error: unknown) => {
      // Deleted between the record and the bytes: the record says so now.
      if (error instanceof BlobNotFoundError) await findCompleted(services, caller, id);
      throw error;
    });
    const etag = `"${facts?.etag ?? (await sha256Hex(text ?? "")).slice(0, 32)}"`;
    context.header("vary", "Accept");
    context.header("etag", etag);
    if (isKnown(etag, known)) return context.body(null, 304);
    const { mediaType } = FORMATS[format];
    const disposition = contentDisposition(record.fileName, id, format);
    if ((facts?.size ?? Buffer.byteLength(text ?? "")) > INLINE_BYTES) {
      const ref = { bucket: services.bucket, key: resultKey(id, format) };
      return seeOther(context, services, { ref, mediaType, disposition });
    }
    context.header("content-type", mediaType);
    context.header("content-disposition", disposition);
    return context.body(text ?? (await readText(services, facts!)), 200);
  });
}

async function readText({ blobs }: Services, ref: BlobRef): Promise<string> {
  const { body } = await blobs.get(ref);
  return new Response(ReadableStream.from(body)).text();
}

/** Whether If-None-Match names it, compared weakly (RFC 9110, 13.1.2). */
function isKnown(etag: string, known: string | undefined): boolean {
  const names = (known ?? "").split(",").map((name) => name.trim().replace(/^W\//, ""));
  return names.includes("*") || names.includes(etag);
}
