import { z } from "@hono/zod-openapi";

export const ModelsSchema = z
  .object({
    object: z.literal("list"),
    data: z
      .array(
        z.object({
          id: z.string().openapi({ description: "The same as `name`." }),
          object: z.literal("model"),
          created: z.int().openapi({ description: "Always 0: packs do not say." }),
          owned_by: z.string(),
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

export const HealthSchema = z
  .object({
    status: z.literal("ok"),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })).openapi({
      description: "What keeps it from some of its work: `ffmpeg_missing`.",
    }),
  })
  .openapi("Health");
