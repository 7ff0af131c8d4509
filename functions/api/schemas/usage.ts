import { z } from "@hono/zod-openapi";

export const Day = z.iso.date().openapi({ description: "YYYY-MM-DD, UTC.", example: "2026-01-31" });

export const UsageSchema = z
  .object({
    from: Day,
    to: Day,
    data: z
      .array(
        z
          .object({
            day: Day,
            key_id: z
              .string()
              .nullable()
              .openapi({ description: "Null: what came by the inbox, or before keys were counted." }),
            recordings: z.int().openapi({ description: "That ended: the sum of the three." }),
            completed: z.int(),
            failed: z.int(),
            canceled: z.int(),
            audio_seconds: z.number().openapi({ description: "Of those that completed." }),
          })
          .openapi("UsageRow"),
      )
      .openapi({ description: "By day, then by key. Days and keys without any are left out." }),
  })
  .openapi("Usage");
