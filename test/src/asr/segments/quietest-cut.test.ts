import { expect, test } from "vitest";
import { quietestCut } from "../../../../src/asr/segments/quietest-cut.ts";

/** Levels of −20 dBFS with dips of so many frames from so many on, to so many dBFS. */
function cut(...dips: { at: number; frames: number; level: number }[]): number {
  const level = (frame: number): number =>
    dips.find(({ at, frames }) => frame >= at && frame < at + frames)?.level ?? -20;
  return quietestCut(level, 0, 1000, 500, 990);
}

test("the cut is in the middle of the dip, not beside it", () => {
  expect(cut({ at: 700, frames: 4, level: -60 })).toBe(702);
  expect(cut({ at: 700, frames: 10, level: -60 })).toBe(705);
});

test("of two dips the deeper wins, and of equally deep ones the longer", () => {
  expect(cut({ at: 600, frames: 10, level: -50 }, { at: 800, frames: 10, level: -40 })).toBe(605);
  expect(cut({ at: 600, frames: 10, level: -50 }, { at: 800, frames: 4, level: -50 })).toBe(605);
});

test("a pause wins over a deeper but much shorter closure", () => {
  expect(cut({ at: 600, frames: 10, level: -45 }, { at: 800, frames: 1, level: -70 })).toBe(605);
});

test("where all is alike the segment is as long as it may be, and earlier dips do not count", () => {
  expect(cut()).toBe(990);
  expect(cut({ at: 100, frames: 20, level: -60 })).toBe(990);
});
