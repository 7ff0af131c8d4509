import { OpenAPIHono } from "@hono/zod-openapi";
import { except } from "hono/combine";
import { ServiceError } from "../../src/jobs/errors.ts";
import type { Services } from "../../src/jobs/services.ts";
import type { Api, ApiEnvironment, ApiOptions } from "./environment.ts";
import { accessLog } from "./middleware/access-log.ts";
import { authenticated } from "./middleware/authenticated.ts";
import { bodyLimit } from "./middleware/body-limit.ts";
import { compressed } from "./middleware/compressed.ts";
import { crossOrigin } from "./middleware/cross-origin.ts";
import { noRecordings } from "./middleware/no-recordings.ts";
import { addOtherMethods } from "./middleware/other-methods.ts";
import { rateLimited } from "./middleware/rate-limited.ts";
import { requestId } from "./middleware/request-id.ts";
import { responseHeaders } from "./middleware/response-headers.ts";
import { answerProblem, problemResponse } from "./problems.ts";
import { addCancelBatch } from "./routes/cancel-batch.ts";
import { addCancelTranscription } from "./routes/cancel-transcription.ts";
import { addCreateBatch } from "./routes/create-batch.ts";
import { addCreateTranscription } from "./routes/create-transcription.ts";
import { addDeleteTranscription } from "./routes/delete-transcription.ts";
import { addDocuments } from "./routes/documents.ts";
import { addGetBatch } from "./routes/get-batch.ts";
import { addGetTranscription } from "./routes/get-transcription.ts";
import { addHealth } from "./routes/health.ts";
import { addKeys } from "./routes/keys.ts";
import { addListBatches } from "./routes/list-batches.ts";
import { addListTranscriptions } from "./routes/list-transcriptions.ts";
import { addListUsage } from "./routes/list-usage.ts";
import { addModels } from "./routes/models.ts";
import { addPage } from "./routes/page.ts";
import { addReadAudio } from "./routes/read-audio.ts";
import { addReadBatchSummary } from "./routes/read-batch-summary.ts";
import { addReadTranscript } from "./routes/read-transcript.ts";
import { addRedeliverWebhook } from "./routes/redeliver-webhook.ts";
import { addTranscribeForm } from "./routes/transcribe-form.ts";
import { addUploadInParts } from "./routes/upload-in-parts.ts";
import { addWebhookSecrets } from "./routes/webhook-secrets.ts";
import { validationError } from "./validation.ts";

/** The HTTP API: the same on Lambda and on a laptop. Serves by `fetch`; more routes may be added to it. */
export function createApi(services: Services, options: ApiOptions): Api {
  const app = new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result) => {
      if (!result.success) throw validationError(result.error);
    },
  });
  app.onError((error, context) => answerProblem(context, error, services.log));
  app.notFound((context) =>
    problemResponse(context, new ServiceError("not_found", `There is nothing at ${context.req.path}.`)),
  );
  addMiddleware(app, services, options);
  addCalls(app, services, options);
  addDocuments(app, options.version);
  addOtherMethods(app);
  return app;
}

function addMiddleware(app: Api, services: Services, { rateLimiter }: ApiOptions): void {
  const { requestsPerMinute, requestBytes, requestSeconds } = services.limits;
  app.use(requestId(services.ids), accessLog(services), responseHeaders, compressed);
  app.use(
    "/v1/*",
    crossOrigin,
    authenticated(services),
    rateLimited(rateLimiter, requestsPerMinute),
    except("/v1/audio/*", noRecordings, bodyLimit(requestBytes, requestSeconds)),
  );
}

/** In the order of the documentation. */
function addCalls(app: Api, services: Services, options: ApiOptions): void {
  addCreateTranscription(app, services, options);
  addListTranscriptions(app, services);
  addGetTranscription(app, services, options);
  addUploadInParts(app, services);
  addReadTranscript(app, services, options);
  addReadAudio(app, services);
  addCancelTranscription(app, services);
  addDeleteTranscription(app, services);
  addCreateBatch(app, services);
  addListBatches(app, services);
  addGetBatch(app, services);
  addReadBatchSummary(app, services);
  addCancelBatch(app, services);
  addRedeliverWebhook(app, services);
  addWebhookSecrets(app, services);
  addKeys(app, services);
  addListUsage(app, services);
  addTranscribeForm(app, services, options);
  addModels(app, services);
  addHealth(app, services, options);
  if (options.page) addPage(app, services, options.page);
}
