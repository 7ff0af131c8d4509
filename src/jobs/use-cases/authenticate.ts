import { sha256Hex } from "../digest.ts";
import { UnauthorizedError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import type { Services } from "../services.ts";

const BEARER = /^Bearer +(?<secret>sk_[\w-]{20,200}) *$/i;
/** What people send who know other services: the key alone, or behind another word. */
const NOT_BEARER = /^(?:(?<scheme>Token|Basic|Key|ApiKey|Api-Key) |sk_)/i;

/** Who sends this Authorization header. Throws UnauthorizedError, which never says what exactly is wrong with a key. */
export async function authenticate(
  { store }: Pick<Services, "store">,
  authorization: string | undefined,
): Promise<Caller> {
  if (authorization === undefined)
    throw new UnauthorizedError("Send your API key in the header: Authorization: Bearer sk_…");
  const other = NOT_BEARER.exec(authorization);
  if (other) {
    const found = other.groups?.scheme === undefined ? "a key alone" : `“${other.groups.scheme}”`;
    throw new UnauthorizedError(`The Authorization header has ${found}. Send: Authorization: Bearer sk_…`);
  }
  const secret = BEARER.exec(authorization)?.groups?.secret;
  const key = secret === undefined ? null : await store.findKey(await sha256Hex(secret));
  if (!key || key.revokedAt !== null)
    throw new UnauthorizedError("This API key is not known or was revoked. Check the Authorization header.");
  return { owner: key.owner, keyId: key.id, ...(key.admin && { admin: true }) };
}
