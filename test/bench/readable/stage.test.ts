import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCORED, Scores } from "../../../bench/readable/scores.ts";
import { expectedOf, Stage } from "../../../bench/readable/stage.ts";

const BY_HAND = fileURLToPath(new URL("../../fixtures/punctuator/by-hand", import.meta.url));

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(BY_HAND);
});
afterAll(() => stage.close());

describe("bench readable", () => {
  it("scores what the engine's stage writes against what the text has", async () => {
    const text = {
      kind: "a",
      made_up: false,
      condition: "pauses",
      words: ["so", "nina", "came", "is", "it", "right", "zero"],
      // After Nina 0.2 s, a comma; after "came" and "right" 1 s.
      pauses: [0, 0.1, 0.5, 0, 0, 0.5, 0].map((after, n, all): [number, number] => [all[n - 1] ?? -1, after]),
      cases: [1, 1, 0, 1, 0, 0, -100],
      marks: [0, 0, 2, 0, 0, 2, 0],
    };
    const found = await stage.write(text);
    expect(found.map(({ mark }) => mark)).toEqual(["", ",", ".", "", "", "?", ""]);
    expect(found.map(({ capital }) => capital)).toEqual([true, true, false, true, false, false, true]);
    const scores = new Scores();
    for (const [n, word] of expectedOf(text).entries()) scores.add(word, found[n]);
    // One full stop of two found and no comma expected; the last word's case is not scored.
    expect(SCORED.map((name) => Number(scores.f1(name).toFixed(3)))).toEqual([0, 0.667, 0, 0.4, 1]);
  });
});
