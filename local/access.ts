import type { Services } from "../src/jobs/services.ts";
import { authenticate } from "../src/jobs/use-cases/authenticate.ts";
import { createKey } from "../src/jobs/use-cases/keys.ts";
import { webhookSecrets } from "../src/jobs/webhooks/secrets.ts";
import type { LocalNote } from "./data-folder.ts";

/** Whom the first key belongs to. */
export const DEFAULT_OWNER = "default";

/** What a newcomer needs to use the service. */
export interface LocalAccess {
  key: string;
  webhookSecret: string;
  note: Pick<LocalNote, "key" | "webhook_secret">;
}

/** The key that was made at the first start, or a new one where it was revoked since; and the current webhook secret. */
export async function openAccess(services: Services, note: LocalNote): Promise<LocalAccess> {
  const key = (await stillOpens(services, note.key)) ? note.key! : await firstKey(services);
  const [{ secret }] = await webhookSecrets(services, { owner: DEFAULT_OWNER, keyId: "" });
  return { key, webhookSecret: secret, note: { key, webhook_secret: secret } };
}

async function stillOpens(services: Services, key: string | null): Promise<boolean> {
  if (key === null) return false;
  return authenticate(services, `Bearer ${key}`).then(
    () => true,
    () => false,
  );
}

async function firstKey(services: Services): Promise<string> {
  const { secret } = await createKey(services, { owner: DEFAULT_OWNER, name: "made at the first start" });
  return secret;
}
