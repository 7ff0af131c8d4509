import { createRoute, z } from "@hono/zod-openapi";
import { safeFileName } from "../../../src/jobs/object-keys.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { findRecording } from "../../../src/jobs/use-cases/find-recording.ts";
import { attachment } from "../content-disposition.ts";
import type { Api } from "../environment.ts";
import { downloadLink } from "../large-answers.ts";
import { recordingType } from "../media-types.ts";
import { BEARER, DownloadLinkSchema, jsonAnswer } from "../schemas/answers.ts";
import { idParameter, TranscriptionId } from "../schemas/common.ts";
import { header, problemAnswers } from "../schemas/problem.ts";

const route = createRoute({
  method: "get",
  path: "/v1/transcriptions/{id}/audio",
  operationId: "readAudio",
  tags: ["Transcriptions"],
  summary: "Read the recording",
  description:
    "A 303 to where the recording lies, for an hour and without the API key. That place answers Range, so that a player can begin anywhere. Clients that do not follow by themselves find the same link in the body; with `Accept: application/json` it comes as a 200, for pages, whose scripts cannot see where a redirect leads.",
  security: BEARER,
  request: {
    params: idParameter(TranscriptionId),
    query: z.strictObject({}),
    headers: z.object({ accept: z.string().optional().openapi({ example: "application/json" }) }),
  },
  responses: {
    200: jsonAnswer("Where it lies, for who asked for JSON.", DownloadLinkSchema),
    303: jsonAnswer("GET it there, without the API key.", DownloadLinkSchema, {
      Location: header("The same as `download_url`."),
    }),
    ...problemAnswers("not_found", "deleted"),
  },
});

const LINK_SECONDS = 3600;

export function addReadAudio(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid("param");
    const { record, ref } = await findRecording(services, context.get("caller"), id);
    const name = safeFileName(record.fileName ?? ref.key);
    const link = await downloadLink(
      services,
      { ref, mediaType: recordingType(record.contentType, name), disposition: attachment(name) },
      LINK_SECONDS,
    );
    context.header("vary", "Accept");
    if (/^application\/json\b/i.test(context.req.valid("header").accept ?? ""))
      return context.json(link, 200);
    context.header("location", link.download_url);
    return context.json(link, 303);
  });
}
