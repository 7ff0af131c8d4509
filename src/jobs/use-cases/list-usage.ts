import { InvalidRequestError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import type { Services } from "../services.ts";
import type { UsageRow } from "../usage.ts";

const DAY_MS = 24 * 3600 * 1000;
const DEFAULT_DAYS = 30;
const MOST_DAYS = 92;

export interface UsageQuery {
  /** YYYY-MM-DD, both included. */
  from: string | null;
  to: string | null;
  keyId: string | null;
}

export interface Usage {
  from: string;
  to: string;
  rows: UsageRow[];
}

/**
 * What ended in an owner's last days, or in those asked for, by day and key. Throws InvalidRequestError for a range that is
 * the wrong way round or too long.
 */
export async function listUsage(
  { store, clock }: Pick<Services, "store" | "clock">,
  { owner }: Caller,
  query: UsageQuery,
): Promise<Usage> {
  const to = query.to ?? dayOf(query.from === null ? clock.now() : lastDay(query.from, clock.now()));
  const from = query.from ?? dayOf(Date.parse(to) - (DEFAULT_DAYS - 1) * DAY_MS);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) throw new InvalidRequestError("`to` must not be before `from`.", { field: "to" });
  if (days > MOST_DAYS)
    throw new InvalidRequestError(`At most ${MOST_DAYS} days can be asked for at once.`, { field: "from" });
  const rows = await store.listUsage(owner, from, to);
  return { from, to, rows: query.keyId === null ? rows : rows.filter(({ keyId }) => keyId === query.keyId) };
}

/** Of as many days as can be asked for, but not of those that are to come. */
function lastDay(from: string, now: number): number {
  const first = Date.parse(from);
  return Math.max(first, Math.min(now, first + (MOST_DAYS - 1) * DAY_MS));
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
