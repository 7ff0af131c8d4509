import type { ApiKey } from "../../src/jobs/owner.ts";
import { createKey, revokeKey } from "../../src/jobs/use-cases/keys.ts";
import { type ConnectionOptions, withClient } from "../client/command.ts";
import type { ApiKeySummary } from "../client/shapes.ts";
import { readClientSettings } from "../settings.ts";
import { withKeys } from "./data.ts";
import { refuseWhereUnknown, refuseWhereUnreached } from "./running.ts";

export interface WantedKey {
  owner?: string;
  name: string;
  admin: boolean;
}

/** Where keys are made, listed and revoked. */
export interface KeyDesk {
  create(wanted: WantedKey): Promise<ApiKeySummary & { secret: string }>;
  list(): Promise<ApiKeySummary[]>;
  revoke(id: string): Promise<void>;
}

/** Work at the service that `--url` names, by its API and with a key; else in the data folder of this machine. */
export async function atDesk(
  options: ConnectionOptions,
  defaultOwner: string,
  work: (desk: KeyDesk) => Promise<number>,
): Promise<number> {
  if (options.url !== undefined)
    return withClient(options, (client) =>
      work({
        create: (wanted) => client.createKey({ ...wanted }),
        list: () => client.keys(),
        revoke: (id) => client.revokeKey(id),
      }),
    );
  return work({
    create: (wanted) => createHere({ ...wanted, owner: wanted.owner ?? defaultOwner }),
    list: async () => (await withKeys({ create: false }, ({ store }) => store.listKeys())).map(summary),
    revoke: (id) => withKeys({ create: false }, (services) => revokeKey(services, id)),
  });
}

/** A service that runs meanwhile must know the key, or it was made in the wrong place. */
async function createHere(wanted: Required<WantedKey>): Promise<ApiKeySummary & { secret: string }> {
  const settings = readClientSettings();
  await refuseWhereUnreached(settings);
  return withKeys({ create: true }, async (services) => {
    const { key, secret } = await createKey(services, wanted);
    await refuseWhereUnknown(settings, secret).catch(async (error: unknown) => {
      await revokeKey(services, key.id);
      throw error;
    });
    return { ...summary(key), secret };
  });
}

/** Without the digest, which nobody needs. */
function summary({ id, hint, owner, name, admin = false, createdAt, revokedAt }: ApiKey): ApiKeySummary {
  return { id, hint, owner, name, admin, created_at: createdAt, revoked_at: revokedAt };
}
