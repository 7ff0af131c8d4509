import { scalingSteps, workersFor, workOf } from "../../infra/scaling-steps.ts";
import { seededRandom } from "../random.ts";
import { EventQueue } from "./event-queue.ts";
import { Fleet, type FleetEvent } from "./fleet.ts";
import type { Circumstances, Machine, Policy } from "./inputs.ts";
import { Sweep } from "./sweep.ts";
import type { Arrival } from "./traffic.ts";
import type { WorkerEvent } from "./worker.ts";

/** Recordings whose lengths are looked at. */
const SAMPLE = 100;

type Event =
  | FleetEvent
  | WorkerEvent
  | { kind: "look" }
  | { kind: "arrived"; job: Arrival }
  | { kind: "returned"; job: Arrival };

export interface Outcome {
  /** Seconds from a recording's arrival to its transcript, ascending. */
  waits: Float64Array;
  /** Seconds from the first arrival to the last transcript. */
  makespan: number;
  audioSeconds: number;
  instanceSeconds: number;
  /** Seconds that GPUs worked. */
  deviceSeconds: number;
  /** Dollars: for instances, and for all else. */
  machineCost: number;
  serviceCost: number;
  mostWorkers: number;
  /** Recordings that an interruption made begin anew. */
  begunAgain: number;
  /** Of the sweep: messages of recordings that had one already, its longest run in seconds, runs that timed out. */
  sentTwice: number;
  longestSweep: number;
  failedSweeps: number;
}

/** Let a policy deal with these arrivals, in the order of time, until everything is done and every instance is gone. */
export function simulate(
  arrivals: readonly Arrival[],
  policy: Policy,
  machine: Machine,
  circumstances: Circumstances,
): Outcome {
  return new Simulation(arrivals, policy, machine, circumstances).run();
}

class Simulation {
  readonly #events = new EventQueue<Event>();
  readonly #arrivals: readonly Arrival[];
  readonly #policy: Policy;
  readonly #circumstances: Circumstances;
  readonly #machine: Machine;
  readonly #fleet: Fleet;
  readonly #steps: ReturnType<typeof scalingSteps>;
  readonly #sweep: Sweep;
  readonly #waits: number[] = [];
  /** Waiting, the first from `#head` on. */
  #queue: Arrival[] = [];
  #head = 0;
  #arrived = 0;
  /** Arrived and not done: waiting, in work, or on their way back. */
  #messages = 0;
  #quietLooks = 0;
  #begunAgain = 0;
  /** What the policy counts, as it was at the last looks, the oldest first. */
  readonly #figures: number[] = [];
  /** Seconds of a recording that waits, as the last look at some of them had it. */
  #meanDuration = 0;
  #finished = 0;

  constructor(arrivals: readonly Arrival[], policy: Policy, machine: Machine, circumstances: Circumstances) {
    this.#arrivals = arrivals;
    this.#policy = policy;
    this.#machine = machine;
    this.#circumstances = circumstances;
    this.#steps = scalingSteps(policy.maxWorkers, policy.perWorker);
    this.#sweep = new Sweep(circumstances.sweep);
    this.#fleet = new Fleet(
      circumstances,
      machine,
      this.#events as EventQueue<FleetEvent | WorkerEvent>,
      seededRandom(circumstances.seed),
    );
  }

  run(): Outcome {
    const first = this.#arrivals[0].time;
    this.#events.add(first, { kind: "look" });
    this.#expectArrival();
    for (let next = this.#events.next(); next; next = this.#events.next()) {
      this.#handle(next.event, next.time);
      if (this.#done && this.#fleet.empty) break;
    }
    return this.#outcome(first);
  }

  get #done(): boolean {
    return this.#waits.length === this.#arrivals.length;
  }

  #handle(event: Event, now: number): void {
    const fleet = this.#fleet;
    if (event.kind === "look") this.#look(now);
    else if (event.kind === "arrived") this.#arrive(event.job, now);
    else if (event.kind === "returned") this.#enqueue(event.job, now);
    else if (event.kind === "booted") fleet.booted(event.instance, now);
    else if (event.kind === "lingered") fleet.lingered(event.instance, event.since, now);
    else if (event.kind === "interrupted") this.#giveBack(fleet.interrupted(event.instance, now), now);
    else if (event.kind === "loaded") {
      fleet.loaded(event.task);
      this.#hand(now);
    } else if (event.worker.lost) return;
    else if (event.kind === "fetched") event.worker.fetched(event.job, now);
    else this.#finish(event, now);
  }

  #arrive(job: Arrival, now: number): void {
    this.#messages++;
    this.#expectArrival();
    this.#sweep.queued(job, now);
    this.#enqueue(job, now);
  }

  #enqueue(job: Arrival, now: number): void {
    this.#queue.push(job);
    this.#hand(now);
  }

  /** One arrival at a time is in the heap: a million would slow it down. */
  #expectArrival(): void {
    const job = this.#arrivals[this.#arrived];
    if (!job) return;
    this.#arrived++;
    this.#events.add(job.time, { kind: "arrived", job });
  }

  #finish({ worker, job }: Extract<WorkerEvent, { kind: "transcribed" }>, now: number): void {
    worker.transcribed(job, now);
    this.#waits.push(now - job.time);
    this.#messages--;
    this.#finished = now;
    this.#hand(now);
    if (worker.idle) this.#fleet.releaseIdle(now);
  }

  #giveBack(jobs: readonly Arrival[], now: number): void {
    this.#begunAgain += jobs.length;
    for (const job of jobs)
      this.#events.add(now + this.#circumstances.returnDelay, { kind: "returned", job });
  }

  #hand(now: number): void {
    while (this.#head < this.#queue.length) {
      const worker = this.#fleet.roomiest();
      if (!worker) break;
      const job = this.#queue[this.#head++];
      this.#sweep.begun(job);
      worker.take(job, now);
    }
    if (this.#head > 10_000 && 2 * this.#head > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }

  #look(now: number): void {
    const { period, metricDelay } = this.#circumstances;
    this.#sweep.run(now);
    this.#figures.push(this.#work());
    const seen = this.#figures.length > metricDelay / period ? this.#figures.shift()! : 0;
    this.#quietLooks = seen < 1 ? this.#quietLooks + 1 : 0;
    if (seen >= 1) this.#fleet.scale(workersFor(this.#steps, seen), now);
    else if (this.#quietLooks * period >= this.#policy.idleSeconds) this.#fleet.scale(0, now);
    this.#events.add(now + period, { kind: "look" });
  }

  /** The service looks at those that have waited longest, and takes them for the others. */
  #work(): number {
    if (this.#policy.counts === "messages") return this.#messages;
    const looked = this.#queue.slice(this.#head, this.#head + SAMPLE);
    if (looked.length > 0)
      this.#meanDuration = looked.reduce((sum, { duration }) => sum + duration, 0) / looked.length;
    return workOf(this.#messages, this.#messages * this.#meanDuration);
  }

  #outcome(first: number): Outcome {
    const { instanceSeconds, deviceSeconds, mostTasks } = this.#fleet;
    const hourly = this.#machine.price + this.#circumstances.extrasPerHour;
    return {
      waits: Float64Array.from(this.#waits).sort(),
      makespan: this.#finished - first,
      audioSeconds: this.#arrivals.reduce((sum, { duration }) => sum + duration, 0),
      instanceSeconds,
      deviceSeconds,
      machineCost: (instanceSeconds / 3600) * hourly,
      serviceCost: this.#arrivals.length * this.#circumstances.perRecording,
      mostWorkers: mostTasks,
      begunAgain: this.#begunAgain,
      sentTwice: this.#sweep.sentTwice,
      longestSweep: this.#sweep.longest,
      failedSweeps: this.#sweep.failed,
    };
  }
}
