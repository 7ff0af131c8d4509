import { createRoute, z } from "@hono/zod-openapi";
import type { Caller } from "../../../src/jobs/owner.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { getTranscription } from "../../../src/jobs/use-cases/get-transcription.ts";
import { receiveRecording } from "../../../src/jobs/use-cases/receive-recording.ts";
import type { Api, ApiOptions } from "../environment.ts";
import { formTooLarge } from "../forms/limits.ts";
import { type FormFields, type OpenForm, openForm } from "../forms/open-form.ts";
import { AnswerSchema, answerFor } from "../openai/answer.ts";
import { errorEvent, eventStream, transcriptEvents } from "../openai/events.ts";
import { parseForm, TranscriptionFormSchema } from "../openai/form.ts";
import { outcomeOf } from "../openai/outcome.ts";
import { BEARER } from "../schemas/answers.ts";
import { header, problemAnswers } from "../schemas/problem.ts";
import { waitForEnd } from "../wait-for-end.ts";

/** Between two pieces of a recording. */
const IDLE_SECONDS = 60;

const text = z.string();

const route = createRoute({
  method: "post",
  path: "/v1/audio/transcriptions",
  operationId: "transcribe",
  tags: ["OpenAI-compatible"],
  summary: "Transcribe in one call",
  description:
    "As OpenAI has it: its clients work unchanged. The same as a transcription that is created, uploaded and waited for. Where that takes too long, the answer is a 504 with the id to ask for. The recording is deleted at the end, the transcript after a day, unless `delete_after_seconds` says otherwise.",
  security: BEARER,
  request: {
    body: { required: true, content: { "multipart/form-data": { schema: TranscriptionFormSchema } } },
  },
  responses: {
    200: {
      description: "The transcript, in the `response_format` that was asked for, or its events.",
      headers: { Location: header("Path of the transcription.") },
      content: {
        "application/json": { schema: AnswerSchema },
        "text/plain": { schema: text },
        "application/x-subrip": { schema: text },
        "text/vtt": { schema: text },
        "text/event-stream": { schema: text },
      },
    },
    ...problemAnswers(
      "transcription_failed",
      "not_completed",
      "deleted",
      "too_large",
      "unsupported_media_type",
      "not_yet_completed",
    ),
  },
});

export function addTranscribeForm(app: Api, services: Services, { pause, forms }: ApiOptions): void {
  const { mostBytes, waitSeconds } = forms ?? { mostBytes: services.limits.uploadBytes, waitSeconds: 25 };
  const tooLarge = () => formTooLarge(mostBytes);
  // Described only: what checks the bodies of other calls would read a recording whole.
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    const caller = context.get("caller");
    const { raw } = context.req;
    const form = await openForm(raw, { mostBytes, idleSeconds: IDLE_SECONDS, tooLarge });
    const { record, wanted } = await receive(services, caller, form);
    const transcript = async (onLook = () => {}) => {
      const look = () => {
        onLook();
        return getTranscription(services, caller, record.id);
      };
      const waiting = { ...(pause && { pause }), signal: raw.signal };
      return outcomeOf(services, await waitForEnd(look, waitSeconds, waiting), waitSeconds);
    };
    context.header("location", `/v1/transcriptions/${record.id}`);
    if (wanted.stream) {
      const failed = (error: unknown) => errorEvent(error, context.get("requestId"), services.log);
      const events = eventStream((alive) => transcript(alive).then(transcriptEvents).catch(failed));
      return context.body(events, 200, { "content-type": "text/event-stream; charset=utf-8" });
    }
    const { body, type } = answerFor(await transcript(), wanted);
    return context.body(body, 200, { "content-type": type });
  });
}

async function receive(services: Services, caller: Caller, form: OpenForm) {
  const parse = (fields: FormFields) => parseForm(fields, services.limits.hotwords);
  // What is wrong already is said before the recording has come in.
  let wanted = parse(form.fields);
  const record = await receiveRecording(services, caller, {
    fileName: form.fileName,
    content: form.content,
    wanted: async () => {
      wanted = parse(await form.rest());
      return wanted;
    },
  });
  return { record, wanted };
}
