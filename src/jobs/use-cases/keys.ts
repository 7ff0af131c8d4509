import { sha256Hex } from "../digest.ts";
import { ForbiddenError, InvalidRequestError, NotFoundError } from "../errors.ts";
import { type ApiKey, type Caller, OWNER_PATTERN } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";

type KeyServices = Pick<Services, "store" | "clock" | "ids">;

export interface NewKey {
  owner: string;
  name: string;
  admin?: boolean;
}

export interface MadeKey {
  key: ApiKey;
  secret: string;
}

const SECRET_BYTES = 24;
const HINT_CHARACTERS = 7; // `sk_` and four more

/** Make a key. The secret is in the answer and nowhere else. Throws InvalidRequestError for the owner's name. */
export async function createKey(
  { store, clock, ids }: KeyServices,
  { owner, name, admin = false }: NewKey,
): Promise<MadeKey> {
  if (!OWNER_PATTERN.test(owner))
    throw new InvalidRequestError("An owner's name has 1 to 63 letters, digits, - and _.", {
      field: "owner",
    });
  const secret = `sk_${toHex(ids.secretBytes(SECRET_BYTES))}`;
  const key: ApiKey = {
    id: ids.create("ke"),
    hash: await sha256Hex(secret),
    owner,
    ...(admin && { admin }),
    name,
    hint: secret.slice(0, HINT_CHARACTERS),
    createdAt: timestamp(clock),
    revokedAt: null,
  };
  await store.createKey(key);
  return { key, secret };
}

/** From now on the key opens nothing. Throws NotFoundError. */
export async function revokeKey({ store, clock }: KeyServices, id: string): Promise<void> {
  if (!(await store.revokeKey(id, timestamp(clock)))) throw new NotFoundError("key", id);
}

/** Make a key for a caller: an admin for any owner, others for their own. Throws ForbiddenError, InvalidRequestError. */
export async function createKeyFor(
  services: KeyServices,
  caller: Caller,
  { owner = caller.owner, ...wanted }: Partial<Pick<NewKey, "owner">> & Omit<NewKey, "owner">,
): Promise<MadeKey> {
  if (!caller.admin && owner !== caller.owner)
    throw new ForbiddenError("Only an admin key makes keys of other owners.");
  if (!caller.admin && wanted.admin) throw new ForbiddenError("Only an admin key makes admin keys.");
  return createKey(services, { ...wanted, owner });
}

/** The keys that a caller may see, oldest first; `owner`: of one alone. Throws ForbiddenError. */
export async function listKeysFor(
  { store }: Pick<Services, "store">,
  caller: Caller,
  owner: string | null,
): Promise<ApiKey[]> {
  if (!caller.admin && owner !== null && owner !== caller.owner)
    throw new ForbiddenError("Only an admin key lists keys of other owners.");
  const wanted = caller.admin ? owner : caller.owner;
  return (await store.listKeys()).filter((key) => wanted === null || key.owner === wanted);
}

/** Throws NotFoundError, alike for unknown keys and for those of other owners. */
export async function revokeKeyFor(services: KeyServices, caller: Caller, id: string): Promise<void> {
  const theirs = await listKeysFor(services, caller, null);
  if (!theirs.some((key) => key.id === id)) throw new NotFoundError("key", id);
  await revokeKey(services, id);
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
