import { Bar } from "../bar.ts";
import type { ApiBatch } from "../client/shapes.ts";
import { clock } from "../readable.ts";
import { countsText, finishedItems } from "./describe.ts";

const FORMAT = "{bar} {percentage}% | {finished}/{items} | {counts} | {left} left";

/** A bar with the counts and the time left. */
export function makeBatchBar(stream: NodeJS.WritableStream): {
  update(batch: ApiBatch): void;
  stop(): void;
} {
  const bar = new Bar(stream, FORMAT);
  return {
    update(batch) {
      const { counts, status, progress, eta_seconds } = batch;
      bar.update(1, progress, {
        finished: finishedItems(batch),
        items: `${counts.total ?? 0}${status === "listing" ? "+" : ""}`,
        counts: countsText(batch),
        left: eta_seconds === null ? "…" : clock(eta_seconds),
      });
    },
    stop: () => bar.stop(),
  };
}
