import { sha256Hex } from "../digest.ts";
import { InvalidRequestError, NotFoundError } from "../errors.ts";
import { type ApiKey, OWNER_PATTERN } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";

type KeyServices = Pick<Services, "store" | "clock" | "ids">;

const SECRET_BYTES = 24;
const HINT_CHARACTERS = 7; // `sk_` and four more

/** Make a key. The secret is in the answer and nowhere else. Throws InvalidRequestError for the owner's name. */
export async function createKey(
  { store, clock, ids }: KeyServices,
  { owner, name }: { owner: string; name: string },
): Promise<{ key: ApiKey; secret: string }> {
  if (!OWNER_PATTERN.test(owner))
    throw new InvalidRequestError("An owner's name has 1 to 63 letters, digits, - and _.", {
      field: "owner",
    });
  const secret = `sk_${toHex(ids.secretBytes(SECRET_BYTES))}`;
  const key: ApiKey = {
    id: ids.create("ke"),
    hash: await sha256Hex(secret),
    owner,
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

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
