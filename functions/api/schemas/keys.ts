import { z } from "@hono/zod-openapi";
import { Timestamp } from "./common.ts";

export const KeyId = "ke_0123456789abcdef0123456789abcdef";

const LONGEST_NAME = 200;

export const KeySchema = z
  .object({
    id: z.string().openapi({ example: KeyId }),
    hint: z
      .string()
      .openapi({ description: "Its first characters, to tell keys apart.", example: "sk_4f1c" }),
    owner: z.string().openapi({ example: "radio" }),
    name: z.string().openapi({ description: "For people." }),
    admin: z.boolean().openapi({
      description: "Makes, lists and revokes the keys of every owner; others those of their own.",
    }),
    created_at: Timestamp,
    revoked_at: Timestamp.nullable(),
  })
  .openapi("Key");

/** Not an extension of the other one: a document of "all of" is hard to read. */
export const NewKeySchema = z
  .object({
    ...KeySchema.shape,
    secret: z.string().openapi({
      description: "The key itself. It is shown this once; only its digest is kept.",
      example: `sk_${"0123456789ab".repeat(4)}`,
    }),
  })
  .openapi("NewKey");

export const CreateKeySchema = z
  .strictObject({
    owner: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, "must have 1 to 63 letters, digits, - and _")
      .optional()
      .openapi({ description: "Whom what it makes belongs to. Default: your own.", example: "radio" }),
    name: z
      .string()
      .max(LONGEST_NAME)
      .optional()
      .openapi({ description: "For people.", example: "night desk" }),
    admin: z.boolean().optional().openapi({ description: "Default: false." }),
  })
  .openapi("CreateKey", { example: { owner: "radio", name: "night desk" } });

export const KeysSchema = z
  .object({ data: z.array(KeySchema).openapi({ description: "Oldest first, revoked ones too." }) })
  .openapi("Keys");
