import { createRoute } from "@hono/zod-openapi";
import { FORMATS } from "../../../src/formats/index.ts";
import { resultKey } from "../../../src/jobs/object-keys.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { getTranscription } from "../../../src/jobs/use-cases/get-transcription.ts";
import { contentDisposition } from "../content-disposition.ts";
import type { Api, ApiOptions } from "../environment.ts";
import { downloadLink } from "../large-answers.ts";
import { toTranscriptionResource } from "../resources/to-transcription.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { idParameter, TranscriptionId, WaitQuery } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { TranscriptionSchema } from "../schemas/transcription.ts";
import { waitForEnd } from "../wait-for-end.ts";

const route = createRoute({
  method: "get",
  path: "/v1/transcriptions/{id}",
  operationId: "getTranscription",
  tags: ["Transcriptions"],
  summary: "Get a transcription",
  description:
    "Its status, progress and facts; the transcript itself is another call. With `wait` the answer comes when the transcription has ended.",
  security: BEARER,
  request: { params: idParameter(TranscriptionId), query: WaitQuery },
  responses: {
    200: jsonAnswer("The transcription as it stands.", TranscriptionSchema),
    ...problemAnswers("not_found"),
  },
});

export function addGetTranscription(app: Api, services: Services, { pause }: ApiOptions): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid("param");
    const { wait = 0 } = context.req.valid("query");
    const look = () => getTranscription(services, context.get("caller"), id);
    const record = await waitForEnd(look, wait, { ...(pause && { pause }), signal: context.req.raw.signal });
    const resource = toTranscriptionResource(record);
    if (record.state !== "completed") return context.json(resource, 200);
    const { download_url } = await downloadLink(services, {
      ref: { bucket: services.bucket, key: resultKey(id) },
      mediaType: FORMATS.json.mediaType,
      disposition: contentDisposition(record.fileName, id, "json"),
    });
    return context.json({ ...resource, download_url }, 200);
  });
}
