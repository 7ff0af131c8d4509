import { describe, expect, it } from "vitest";
import { nextLength } from "../../bench/gpu/batches.ts";

describe("the length of the recording on a card", () => {
  it("is what the runs can take in their time at the trial's speed", () => {
    // A minute in three seconds: 20 times real time, for 10 s each.
    expect(nextLength({ duration: 60, wall: 3000 }, 3600, 30, 3)).toBe(200);
  });

  it("grows eightfold at most, since a short trial tells little of a long run", () => {
    expect(nextLength({ duration: 60, wall: 100 }, 3600, 30, 3)).toBe(480);
    expect(nextLength({ duration: 480, wall: 400 }, 3600, 30, 3)).toBe(3600);
  });

  it("stays where the trial took half of its time or more, or the recording cannot be longer", () => {
    expect(nextLength({ duration: 60, wall: 6000 }, 3600, 30, 3)).toBeUndefined();
    expect(nextLength({ duration: 60, wall: 100 }, 60, 30, 3)).toBeUndefined();
  });
});
