import type { Circumstances, Machine, Policy } from "./inputs.ts";
import { type Outcome, simulate } from "./simulate.ts";
import type { Arrival } from "./traffic.ts";

export interface Trial {
  policy: Policy;
  day: Outcome;
  archive: Outcome;
  /** A few very long recordings. */
  long: Outcome;
}

/** What trials are made with. */
export interface Traffic {
  day: readonly Arrival[];
  archive: readonly Arrival[];
  long: readonly Arrival[];
}

export interface Goals {
  /** An archive is to be done in so many hours… */
  archiveHours: number;
  /** …and policies whose day costs so much more than the cheapest one's count as equal to it: 0.05 for 5 %. */
  tolerance: number;
}

export const GOALS: Goals = { archiveHours: 48, tolerance: 0.05 };

const MAX_WORKERS = [4, 8, 16];
const AUDIO_HOURS_PER_WORKER = [4, 20, 100];
const IDLE_MINUTES = [2, 5, 10, 15, 30];

/** What decided before audio did: it sees no difference between a minute and twelve hours. */
export const BY_MESSAGES: Policy = {
  name: "8 workers, one for 200 messages, 15 min",
  maxWorkers: 8,
  counts: "messages",
  perWorker: 200,
  idleSeconds: 15 * 60,
};

/** Those that are compared. */
export function policies(): Policy[] {
  return MAX_WORKERS.flatMap((maxWorkers) =>
    AUDIO_HOURS_PER_WORKER.flatMap((hours) =>
      IDLE_MINUTES.map((minutes) => ({
        name: `${maxWorkers} workers, one for ${hours} h, ${minutes} min`,
        maxWorkers,
        counts: "audio" as const,
        perWorker: 3600 * hours,
        idleSeconds: 60 * minutes,
      })),
    ),
  );
}

export function tryPolicies(
  all: readonly Policy[],
  arrivals: Traffic,
  machine: Machine,
  circumstances: Circumstances,
): Trial[] {
  return all.map((policy) => ({
    policy,
    day: simulate(arrivals.day, policy, machine, circumstances),
    archive: simulate(arrivals.archive, policy, machine, circumstances),
    long: simulate(arrivals.long, policy, machine, circumstances),
  }));
}

/**
 * The fewest workers that do the archive in time, since each asks for some of the account's quota; then the shortest
 * wait (95 of 100 recordings of the day) among those that cost about the least; then the shortest time for a few very long
 * recordings; then the fewest dollars for the archive; then the quickest to bring more workers.
 */
export function pick(trials: readonly Trial[], goals: Goals): Trial {
  const inTime = trials.filter(({ archive }) => archive.makespan <= goals.archiveHours * 3600);
  if (inTime.length === 0) throw new RangeError("No policy does the archive in time.");
  const fewest = Math.min(...inTime.map(({ policy }) => policy.maxWorkers));
  const candidates = inTime.filter(({ policy }) => policy.maxWorkers === fewest);
  const cheapest = Math.min(...candidates.map(({ day }) => day.machineCost));
  const cheap = candidates.filter(({ day }) => day.machineCost <= cheapest * (1 + goals.tolerance));
  return cheap.toSorted(
    (a, b) =>
      Math.round(wait(a.day, 0.95)) - Math.round(wait(b.day, 0.95)) ||
      Math.round(a.long.makespan / 60) - Math.round(b.long.makespan / 60) ||
      Math.round(a.archive.machineCost) - Math.round(b.archive.machineCost) ||
      a.policy.perWorker - b.policy.perWorker,
  )[0];
}

/** Seconds within which this share of the recordings had their transcript. */
export function wait({ waits }: Outcome, share: number): number {
  return waits[Math.max(0, Math.ceil(share * waits.length) - 1)];
}

/** Dollars for one hour of audio, all in. */
export function costPerAudioHour({ machineCost, serviceCost, audioSeconds }: Outcome): number {
  return ((machineCost + serviceCost) * 3600) / audioSeconds;
}

/** Of the time that instances were paid for, the share in which their GPUs worked. */
export function utilisation({ deviceSeconds, instanceSeconds }: Outcome): number {
  return deviceSeconds / instanceSeconds;
}
