import type { ApiBatch } from "../client/shapes.ts";
import { clock, percent, printable } from "../readable.ts";

/** Items that have reached their end. */
export function finishedItems({ counts }: ApiBatch): number {
  const { total = 0, awaiting_upload = 0, queued = 0, processing = 0 } = counts;
  return total - awaiting_upload - queued - processing;
}

/** `12 completed, 1 failed, 3 queued`: what is not nought. */
export function countsText({ counts }: ApiBatch): string {
  const parts = Object.entries(counts).filter(([name, count]) => name !== "total" && count > 0);
  return (
    parts.map(([name, count]) => `${count} ${name.replaceAll("_", " ")}`).join(", ") || "nothing found yet"
  );
}

/** `3 other extension, 1 symbolic link`; empty where nothing was. */
export function leftOutText({ left_out }: ApiBatch): string {
  const parts = Object.entries(left_out ?? {}).filter(([, count]) => count > 0);
  return parts.map(([reason, count]) => `${count} ${reason.replaceAll("_", " ")}`).join(", ");
}

/** How it stands, on one line. */
export function batchLine(batch: ApiBatch): string {
  const { id, status, counts, progress, eta_seconds, error } = batch;
  const parts = [
    `${id} ${status}: ${percent(progress)} of ${counts.total ?? 0}${status === "listing" ? " or more" : ""}`,
    countsText(batch),
    ...(leftOutText(batch) === "" ? [] : [`left out: ${leftOutText(batch)}`]),
    ...(eta_seconds === null ? [] : [`${clock(eta_seconds)} left`]),
    ...(error ? [`${error.code}: ${error.message}`] : []),
  ];
  return printable(parts.join("; "));
}
