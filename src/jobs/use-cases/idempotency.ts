import { sha256Hex } from "../digest.ts";
import { IdempotencyKeyReusedError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import type { CreateOutcome, IdempotencyRecord } from "../ports/job-store.ts";
import { type Services, timestamp } from "../services.ts";

/**
 * The id that an earlier, equal request was answered with; null where there was none. To be asked before anything of
 * the request is looked at: what was accepted once is answered again, even where its source is gone by now. Throws
 * IdempotencyKeyReusedError.
 */
export async function earlierId(
  services: Services,
  caller: Caller,
  key: string | null,
  request: unknown,
  kind: "tr" | "ba",
): Promise<string | null> {
  if (key === null) return null;
  const record = await services.store.findIdempotency(caller.owner, key, timestamp(services.clock));
  if (record === null) return null;
  if (record.fingerprint !== (await fingerprintOf(kind, request))) throw new IdempotencyKeyReusedError();
  return record.subjectId;
}

/** What will remember that this request made `subjectId`. Null without a key. */
export async function idempotencyRecord(
  { clock, limits }: Services,
  caller: Caller,
  key: string | null,
  request: unknown,
  subjectId: string,
): Promise<IdempotencyRecord | null> {
  if (key === null) return null;
  const fingerprint = await fingerprintOf(subjectId.slice(0, 2), request);
  const expiresAt = timestamp(clock, limits.idempotencySeconds);
  return { owner: caller.owner, key, fingerprint, subjectId, expiresAt };
}

/** The id that an earlier, equal request was answered with; null where this one was first. Throws IdempotencyKeyReusedError. */
export function replayedId(outcome: CreateOutcome, mine: IdempotencyRecord | null): string | null {
  if (outcome.outcome !== "idempotency_key_used") return null;
  if (outcome.record.fingerprint !== mine?.fingerprint) throw new IdempotencyKeyReusedError();
  return outcome.record.subjectId;
}

function fingerprintOf(kind: string, request: unknown): Promise<string> {
  return sha256Hex(JSON.stringify(inOrder([kind, request])));
}

/** With the members of objects sorted by name: JSON gives their order no meaning. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([name, member]) => [name, inOrder(member)]);
}
