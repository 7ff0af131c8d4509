import fc from "fast-check";
import { expect, test } from "vitest";
import { scalingSteps, workersFor } from "../../infra/scaling-steps.ts";

test("one worker from the first message on, one more for each so many", () => {
  expect(scalingSteps(3, 10)).toEqual([
    { workers: 1, messages: 1 },
    { workers: 2, messages: 11 },
    { workers: 3, messages: 21 },
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
])("%i messages: %i workers", (messages, workers) => {
  expect(workersFor(scalingSteps(3, 10), messages)).toBe(workers);
});

test("any number of workers fits a policy, rises, and is reached", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }), (most, each) => {
      const steps = scalingSteps(most, each);
      expect(steps.length).toBe(Math.min(most, 19));
      expect(steps[0]).toEqual({ workers: 1, messages: 1 });
      expect(steps.at(-1)!.workers).toBe(most);
      for (const [at, step] of steps.entries()) {
        if (at === 0) continue;
        expect(step.workers).toBeGreaterThan(steps[at - 1].workers);
        expect(step.messages).toBeGreaterThan(steps[at - 1].messages);
      }
    }),
  );
});
