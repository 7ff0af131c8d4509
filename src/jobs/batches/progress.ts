import { type Batch, totalItems, unfinishedItems } from "../batch.ts";

export interface BatchProgress {
  /** 0 to 1, of the items known so far. */
  progress: number;
  /** Null while it cannot be told, and where nothing is left to wait for. */
  etaSeconds: number | null;
}

/** How far a batch is, and how long it will take if it goes on as it has since it was made. */
export function batchProgress(
  batch: Pick<Batch, "state" | "createdAt" | "listing" | "counts">,
  nowMs: number,
): BatchProgress {
  const total = totalItems(batch.counts);
  const left = unfinishedItems(batch.counts);
  const empty = batch.state === "completed" ? 1 : 0;
  const progress = total === 0 ? empty : (total - left) / total;
  return { progress, etaSeconds: estimate(batch, total - left - batch.counts.skipped, left, nowMs) };
}

/** Skipped items are left out of `ended`: they took no time, and none of those that wait will be one. */
function estimate(
  { state, createdAt, listing }: Pick<Batch, "state" | "createdAt" | "listing">,
  ended: number,
  left: number,
  nowMs: number,
): number | null {
  if (state !== "processing" || !listing.done || ended <= 0) return null;
  const elapsedSeconds = Math.max(0, nowMs - Date.parse(createdAt)) / 1000;
  return Math.ceil((elapsedSeconds / ended) * left);
}
