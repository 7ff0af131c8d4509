import { expect, it } from "vitest";
import { compareTexts } from "../../bench/texts.ts";

it("texts are compared by id, byte for byte", () => {
  expect(compareTexts("a\tONE\nb\t\n", "b\t\na\tONE\n")).toEqual([]);
  expect(compareTexts("a\tONE\n", "a\tONE \n")).toEqual(["a\n  - ONE\n  + ONE "]);
  expect(compareTexts("a\tONE\nb\tTWO\n", "a\tONE\nc\tTWO\n")).toEqual([
    "b\n  - TWO\n  + (not there)",
    "c\n  - (not there)\n  + TWO",
  ]);
});
