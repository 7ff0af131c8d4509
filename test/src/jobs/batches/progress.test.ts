import { describe, expect, test } from "vitest";
import { type BatchCounts, type BatchState, NO_COUNTS } from "../../../../src/jobs/batch.ts";
import { batchProgress } from "../../../../src/jobs/batches/progress.ts";

const CREATED = "2026-05-01T08:00:00.000Z";

function progressAfter(
  seconds: number,
  counts: Partial<BatchCounts>,
  state: BatchState = "processing",
  done = state !== "listing",
) {
  const batch = {
    state,
    createdAt: CREATED,
    listing: { cursor: null, done },
    counts: { ...NO_COUNTS, ...counts },
  };
  return batchProgress(batch, Date.parse(CREATED) + seconds * 1000);
}

describe("a batch's time left", () => {
  test.each([
    ["half done", progressAfter(100, { completed: 5, queued: 5 }), 0.5, 100],
    [
      "every kind of end counts",
      progressAfter(60, { completed: 1, failed: 1, canceled: 1, queued: 9 }),
      0.25,
      180,
    ],
    [
      "what is being worked on is not done",
      progressAfter(10, { completed: 1, processing: 1, queued: 2 }),
      0.25,
      30,
    ],
    [
      "skipped items say nothing of the speed",
      progressAfter(100, { completed: 1, skipped: 8, queued: 1 }),
      0.9,
      100,
    ],
    ["deleted ones were done", progressAfter(100, { deleted: 1, queued: 3 }), 0.25, 300],
    ["rounded up to whole seconds", progressAfter(10, { completed: 3, queued: 1 }), 0.75, 4],
    ["nothing has ended", progressAfter(100, { queued: 10 }), 0, null],
    ["only skipped", progressAfter(100, { skipped: 5, queued: 5 }), 0.5, null],
    ["still listing", progressAfter(100, { completed: 5, queued: 5 }, "listing"), 0.5, null],
    ["being canceled", progressAfter(100, { completed: 5, queued: 5 }, "canceling"), 0.5, null],
    ["over", progressAfter(100, { completed: 10 }, "completed"), 1, null],
    ["over, and empty", progressAfter(100, {}, "completed"), 1, null],
    ["empty so far", progressAfter(1, {}, "listing"), 0, null],
    ["failed while items go on", progressAfter(100, { completed: 1, queued: 1 }, "failed", false), 0.5, null],
    ["the clock was set back", progressAfter(-5, { completed: 1, queued: 1 }), 0.5, 0],
  ])("%s", (_, found, progress, etaSeconds) => {
    expect(found).toEqual({ progress, etaSeconds });
  });
});
