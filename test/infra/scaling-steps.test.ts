import fc from "fast-check";
import { expect, test } from "vitest";
import { scalingSteps, workersFor, workOf } from "../../infra/scaling-steps.ts";

test("one worker from the first message on, one more for each so many", () => {
  expect(scalingSteps(3, 10)).toEqual([
    { workers: 1, work: 1 },
    { workers: 2, work: 11 },
    { workers: 3, work: 21 },
  ]);
});

test.each([
  [0, 0],
  [1, 1],
  [10, 1],
  [11, 2],
  [20, 2],
  [21, 3],
  [1e9, 3],
])("work of %i: %i workers", (work, workers) => {
  expect(workersFor(scalingSteps(3, 10), work)).toBe(workers);
});

test.each([
  [0, 0, 0],
  // What is left of a figure that came late.
  [0, 5000, 0],
  [3, 0, 180],
  [3, 100, 180],
  [3, 5000, 5000],
])("%i messages of %i s of audio: work of %i s", (messages, seconds, work) => {
  expect(workOf(messages, seconds)).toBe(work);
});

test("any number of workers fits a policy, rises, and is reached", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }), (most, each) => {
      const steps = scalingSteps(most, each);
      expect(steps.length).toBe(Math.min(most, 19));
      expect(steps[0]).toEqual({ workers: 1, work: 1 });
      expect(steps.at(-1)!.workers).toBe(most);
      for (const [at, step] of steps.entries()) {
        if (at === 0) continue;
        expect(step.workers).toBeGreaterThan(steps[at - 1].workers);
        expect(step.work).toBeGreaterThan(steps[at - 1].work);
      }
    }),
  );
});
