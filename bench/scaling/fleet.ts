import type { EventQueue } from "./event-queue.ts";
import type { Circumstances, Machine } from "./inputs.ts";
import type { Arrival } from "./traffic.ts";
import { Worker, type WorkerEvent } from "./worker.ts";

interface Instance {
  launched: number;
  running: boolean;
  /** Its task; null while it lingers without one. */
  task: Task | null;
  lingersSince: number;
  gone: boolean;
}

interface Task {
  instance: Instance;
  /** Null until it has loaded the model. */
  worker: Worker | null;
}

export type FleetEvent =
  | { kind: "booted"; instance: Instance }
  | { kind: "loaded"; task: Task }
  | { kind: "lingered"; instance: Instance; since: number }
  | { kind: "interrupted"; instance: Instance };

/** Instances and the tasks on them, as ECS and its capacity provider start and stop them. */
export class Fleet {
  readonly #circumstances: Circumstances;
  readonly #machine: Machine;
  readonly #events: EventQueue<FleetEvent | WorkerEvent>;
  readonly #random: () => number;
  readonly #instances = new Set<Instance>();
  readonly #tasks = new Set<Task>();
  #desired = 0;
  /** Paid for. */
  instanceSeconds = 0;
  deviceSeconds = 0;
  mostTasks = 0;

  constructor(
    circumstances: Circumstances,
    machine: Machine,
    events: EventQueue<FleetEvent | WorkerEvent>,
    random: () => number,
  ) {
    this.#circumstances = circumstances;
    this.#machine = machine;
    this.#events = events;
    this.#random = random;
  }

  get empty(): boolean {
    return this.#instances.size === 0;
  }

  /** The ready worker that has the most room; null where none has any. */
  roomiest(): Worker | null {
    let best: Worker | null = null;
    for (const { worker } of this.#tasks) if (worker && worker.free > (best?.free ?? 0)) best = worker;
    return best;
  }

  /** Bring the number of tasks to this. Workers at work protect themselves: they go when they are idle. */
  scale(desired: number, now: number): void {
    this.#desired = desired;
    while (this.#tasks.size < desired) this.#startTask(now);
    this.mostTasks = Math.max(this.mostTasks, this.#tasks.size);
    this.releaseIdle(now);
  }

  /** Stop what is more than is wanted: tasks that have not begun first, then idle ones. */
  releaseIdle(now: number): void {
    if (this.#tasks.size <= this.#desired) return;
    const useless = [...this.#tasks].filter(({ worker }) => !worker || worker.idle);
    useless.sort((a, b) => Number(a.worker !== null) - Number(b.worker !== null));
    for (const task of useless.slice(0, this.#tasks.size - this.#desired)) this.#stop(task, now);
  }

  booted(instance: Instance, now: number): void {
    if (instance.gone) return;
    instance.running = true;
    if (instance.task) this.#load(instance.task, now + this.#circumstances.imagePull);
  }

  /** The worker, where its task is still wanted. */
  loaded(task: Task): void {
    if (this.#tasks.has(task))
      task.worker = new Worker(this.#circumstances, this.#events as EventQueue<WorkerEvent>);
  }

  lingered(instance: Instance, since: number, now: number): void {
    if (!instance.gone && !instance.task && instance.lingersSince === since) this.#terminate(instance, now);
  }

  /** What its worker had in hand. */
  interrupted(instance: Instance, now: number): Arrival[] {
    if (instance.gone) return [];
    const { task } = instance;
    const lost = task?.worker?.lose() ?? [];
    if (task) this.#forget(task);
    this.#terminate(instance, now);
    return lost;
  }

  #startTask(now: number): void {
    const spare = [...this.#instances].find((instance) => !instance.task);
    const instance = spare ?? this.#launch(now);
    const task: Task = { instance, worker: null };
    instance.task = task;
    this.#tasks.add(task);
    if (instance.running) this.#load(task, now);
  }

  #launch(now: number): Instance {
    const { least, most } = this.#circumstances.instanceStart;
    const instance: Instance = { launched: now, running: false, task: null, lingersSince: now, gone: false };
    this.#instances.add(instance);
    this.#events.add(now + least + this.#random() * (most - least), { kind: "booted", instance });
    const rate = this.#machine.interruptionsPerHour / 3600;
    if (rate > 0)
      this.#events.add(now - Math.log(1 - this.#random()) / rate, { kind: "interrupted", instance });
    return instance;
  }

  #load(task: Task, now: number): void {
    this.#events.add(now + this.#circumstances.modelLoad, { kind: "loaded", task });
  }

  #stop(task: Task, now: number): void {
    this.#forget(task);
    const { instance } = task;
    instance.task = null;
    instance.lingersSince = now;
    this.#events.add(now + this.#circumstances.linger, { kind: "lingered", instance, since: now });
  }

  #forget(task: Task): void {
    this.#tasks.delete(task);
    this.deviceSeconds += task.worker?.deviceSeconds ?? 0;
  }

  #terminate(instance: Instance, now: number): void {
    instance.gone = true;
    this.#instances.delete(instance);
    this.instanceSeconds += now - instance.launched;
  }
}
