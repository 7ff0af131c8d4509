import type { Caller, Owner, WebhookSecret } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";

type OwnerServices = Pick<Services, "store" | "clock" | "ids">;

const SECRET_BYTES = 32;
const MOST_TRIES = 50;

/** The owner's record, made with a first secret where there is none. */
export async function ensureOwner(services: OwnerServices, ownerId: string): Promise<Owner> {
  const { store, clock } = services;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const owner = await store.getOwner(ownerId);
    if (owner) return owner;
    const first: Owner = {
      id: ownerId,
      revision: 1,
      createdAt: timestamp(clock),
      webhookSecrets: [newSecret(services)],
      disabledEndpoints: [],
    };
    if (await store.saveOwner(null, first)) return first;
  }
  throw new Error(`Owner ${ownerId} could not be created`);
}

/** Those that sign now, the current one first. */
export async function webhookSecrets(services: OwnerServices, caller: Caller): Promise<WebhookSecret[]> {
  return validSecrets(await ensureOwner(services, caller.owner), services.clock.now());
}

export function validSecrets({ webhookSecrets }: Owner, now: number): WebhookSecret[] {
  return webhookSecrets.filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now);
}

/**
 * A new current secret. The one before it signs beside it for `limits.secretOverlapSeconds`; one that was still
 * overlapping ends at once, so that there are never more than two.
 */
export async function rotateWebhookSecret(
  services: OwnerServices & Pick<Services, "limits">,
  caller: Caller,
): Promise<WebhookSecret> {
  const fresh = newSecret(services);
  const expiresAt = timestamp(services.clock, services.limits.secretOverlapSeconds);
  await updateOwner(services, caller.owner, ({ webhookSecrets }) => {
    const current = webhookSecrets.find((secret) => secret.expiresAt === null);
    return { webhookSecrets: [fresh, ...(current ? [{ ...current, expiresAt }] : [])] };
  });
  return fresh;
}

/** Read, change, save, as `updateTranscription`; null: nothing to change. */
export async function updateOwner(
  services: OwnerServices,
  ownerId: string,
  change: (owner: Owner) => Partial<Pick<Owner, "webhookSecrets" | "disabledEndpoints">> | null,
): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await ensureOwner(services, ownerId);
    const changes = change(before);
    if (!changes) return;
    const after = { ...before, ...changes, revision: before.revision + 1 };
    if (await services.store.saveOwner(before, after)) return;
  }
  throw new Error(`Owner ${ownerId} was changed by others ${MOST_TRIES} times in a row`);
}

function newSecret({ ids, clock }: OwnerServices): WebhookSecret {
  const bytes = ids.secretBytes(SECRET_BYTES);
  const secret = `whsec_${btoa(String.fromCharCode(...bytes))}`;
  return { secret, createdAt: timestamp(clock), expiresAt: null };
}
