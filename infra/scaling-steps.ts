/** From this many messages on, so many workers. */
export interface ScalingStep {
  messages: number;
  workers: number;
}

/** What Application Auto Scaling takes in one policy, less the step to zero. */
const MOST_STEPS = 19;

/**
 * How many workers a number of messages, waiting and in work, asks for: one from the first message on, one more for each
 * `messagesPerWorker`. Where more workers are allowed than a policy has steps, the steps above the first few grow by
 * the same factor.
 */
export function scalingSteps(maxWorkers: number, messagesPerWorker: number): ScalingStep[] {
  return workerCounts(maxWorkers).map((workers, at, counts) => ({
    workers,
    messages: at === 0 ? 1 : counts[at - 1] * messagesPerWorker + 1,
  }));
}

/** Workers that this many messages ask for. */
export function workersFor(steps: readonly ScalingStep[], messages: number): number {
  return steps.findLast((step) => messages >= step.messages)?.workers ?? 0;
}

function workerCounts(most: number): number[] {
  if (most <= MOST_STEPS) return Array.from({ length: most }, (_, at) => at + 1);
  const counts: number[] = [];
  for (let count = 1, left = MOST_STEPS; left > 0; left--) {
    counts.push(count);
    // The factor that reaches `most` in the steps that are left, but never less than one more.
    count = left === 1 ? most : Math.max(count + 1, Math.round(count * (most / count) ** (1 / (left - 1))));
  }
  counts[counts.length - 1] = most;
  return counts;
}
