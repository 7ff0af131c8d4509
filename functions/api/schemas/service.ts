import { z } from "@hono/zod-openapi";

export const ModelsSchema = z
  .object({
    data: z
      .array(
        z.object({
          name: z.string(),
          version: z.string(),
          languages: z.array(z.string()),
          license: z.string().nullable(),
          parameters: z.object({ total: z.number(), active: z.number() }).nullable(),
        }),
      )
      .openapi({ description: "The first is the one in use." }),
  })
  .openapi("Models");

export const HealthSchema = z.object({ status: z.literal("ok") }).openapi("Health");
