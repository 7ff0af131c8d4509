/** From this much work on, so many workers. */
export interface ScalingStep {
  work: number;
  workers: number;
}

/**
 * What a message counts for at least, in seconds of audio: each costs a worker some time however short it is, and there are
 * workers where nobody knows how long recordings are.
 */
export const LEAST_SECONDS = 60;

/** What Application Auto Scaling takes in one policy, less the step to zero. */
const MOST_STEPS = 19;

/**
 * How many workers so much work, waiting and in hand, asks for: one from the first bit on, one more for each `perWorker`.
 * Where more workers are allowed than a policy has steps, the steps above the first few grow by the same factor.
 */
export function scalingSteps(maxWorkers: number, perWorker: number): ScalingStep[] {
  return workerCounts(maxWorkers).map((workers, at, counts) => ({
    workers,
    work: at === 0 ? 1 : counts[at - 1] * perWorker + 1,
  }));
}

/** Workers that this much work asks for. */
export function workersFor(steps: readonly ScalingStep[], work: number): number {
  return steps.findLast((step) => work >= step.work)?.workers ?? 0;
}

/** Seconds of audio, as the policy counts them: `audioSeconds` is a guess, and 0 where there is none. */
export function workOf(messages: number, audioSeconds: number): number {
  return messages === 0 ? 0 : Math.max(LEAST_SECONDS * messages, audioSeconds);
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
