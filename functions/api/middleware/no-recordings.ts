import { createMiddleware } from "hono/factory";
import type { ApiEnvironment } from "../environment.ts";
import { HttpProblemError } from "../problems.ts";

const RECORDING = /^(audio|video|image)\/|^application\/(octet-stream|ogg|mp4|zip)|^multipart\/form-data/i;

/**
 * Whoever sends a recording to a call that takes JSON is told where recordings go, before the body is found too large.
 * Throws HttpProblemError unsupported_media_type.
 */
export const noRecordings = createMiddleware<ApiEnvironment>(async (context, next) => {
  const type = context.req.header("content-type") ?? "";
  if (RECORDING.test(type)) {
    const detail =
      "This call takes JSON. Create a transcription with POST /v1/transcriptions, then PUT the recording itself to the upload.url of the answer, with the headers of upload.headers.";
    throw new HttpProblemError("unsupported_media_type", detail);
  }
  await next();
});
