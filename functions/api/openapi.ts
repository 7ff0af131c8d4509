import type { Api } from "./environment.ts";
import { ProblemSchema } from "./schemas/problem.ts";
import { registerUpload } from "./schemas/upload.ts";
import { BatchEventSchema, TranscriptionEventSchema } from "./schemas/webhook.ts";

export type OpenApiDocument = ReturnType<Api["getOpenAPI31Document"]>;

const DESCRIPTION = `Transcribes recordings, one by one or whole archives.

Send your API key with every call under /v1: \`Authorization: Bearer sk_…\`. Bodies are JSON, times are ISO 8601 in UTC,
lengths of time are seconds. Members and parameters that a call does not know are refused by name; answers may get new
members over time. Errors are problem documents (RFC 9457) with a \`code\` for machines. Every answer has an
\`X-Request-Id\`: the one that you sent, or a new one.`;

const TAGS = [
  { name: "Transcriptions", description: "One recording and what becomes of it." },
  { name: "Batches", description: "All recordings of an archive." },
  { name: "Webhooks", description: "To be told instead of asking. Signed as Standard Webhooks has it." },
  { name: "OpenAI-compatible", description: "What clients of OpenAI's audio API call." },
  { name: "Service", description: "The service itself." },
];

const EVENTS = [
  {
    path: "transcription",
    schema: TranscriptionEventSchema,
    summary: "A transcription completed, failed, was canceled or expired",
  },
  { path: "batch", schema: BatchEventSchema, summary: "A batch ended" },
] as const;

/** What does not belong to any one call. */
export function registerComponents(app: Api): void {
  const { openAPIRegistry } = app;
  openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key, `sk_…`.",
  });
  registerUpload(app);
  openAPIRegistry.register("Problem", ProblemSchema);
  for (const { path, schema, summary } of EVENTS)
    openAPIRegistry.registerWebhook({
      method: "post",
      path,
      operationId: `${path}Event`,
      tags: ["Webhooks"],
      summary,
      security: [],
      description: "Verify `webhook-id`, `webhook-timestamp` and `webhook-signature` before you believe it.",
      request: { body: { required: true, content: { "application/json": { schema } } } },
      responses: { "2XX": { description: "You have it. Any other answer: it is sent again later." } },
    });
}

export function openApiDocument(app: Api, version: string): OpenApiDocument {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Scriptorium",
      version,
      description: DESCRIPTION,
      contact: { name: "Whoever runs this service" },
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/", description: "This service." }],
    tags: TAGS,
  });
}
