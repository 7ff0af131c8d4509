import type { z } from "@hono/zod-openapi";
import type { ApiKey } from "../../../src/jobs/owner.ts";
import type { KeySchema } from "../schemas/keys.ts";

/** Without the digest, which nobody needs. */
export function toKeyResource(key: ApiKey): z.output<typeof KeySchema> {
  const { id, hint, owner, name, admin = false, createdAt, revokedAt } = key;
  return { id, hint, owner, name, admin, created_at: createdAt, revoked_at: revokedAt };
}
