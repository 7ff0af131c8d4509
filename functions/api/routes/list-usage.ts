import { createRoute, z } from "@hono/zod-openapi";
import type { Services } from "../../../src/jobs/services.ts";
import { listUsage } from "../../../src/jobs/use-cases/list-usage.ts";
import type { Api } from "../environment.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { Day, UsageSchema } from "../schemas/usage.ts";

const route = createRoute({
  method: "get",
  path: "/v1/usage",
  operationId: "listUsage",
  tags: ["Service"],
  summary: "List usage",
  description:
    "Recordings that ended and their seconds of audio, by day (UTC) and key. Deleting one takes nothing back.",
  security: BEARER,
  request: {
    query: z.strictObject({
      from: Day.optional().openapi({ description: "First day. Default: 30 days up to `to`." }),
      to: Day.optional().openapi({ description: "Last day, at most 92 days in all. Default: today." }),
      key_id: z.string().max(100).optional().openapi({ description: "Of one key alone." }),
    }),
  },
  responses: { 200: jsonAnswer("The usage.", UsageSchema), ...problemAnswers() },
});

export function addListUsage(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const { from = null, to = null, key_id = null } = context.req.valid("query");
    const usage = await listUsage(services, context.get("caller"), { from, to, keyId: key_id });
    const data = usage.rows.map(({ day, keyId, completed, failed, canceled, audioSeconds }) => ({
      day,
      key_id: keyId,
      recordings: completed + failed + canceled,
      completed,
      failed,
      canceled,
      audio_seconds: audioSeconds,
    }));
    return context.json({ from: usage.from, to: usage.to, data }, 200);
  });
}
