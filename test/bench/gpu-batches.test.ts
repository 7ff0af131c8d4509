import { describe, expect, it } from "vitest";
import { secondsFor } from "../../bench/gpu/batches.ts";

describe("the length of the recording on a card", () => {
  it("is what the runs can take in their time at the trial's speed", () => {
    // A minute in three seconds: 20 times real time, for 10 s each.
    expect(secondsFor({ duration: 60, wall: 3000 }, 30, 3)).toBe(200);
    expect(secondsFor({ duration: 60, wall: 60_000 }, 30, 3)).toBe(10);
  });
});
