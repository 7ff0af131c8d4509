import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ClipAnswer, ClipRequest } from "./clip-thread.ts";

/** Beyond a few, the rest of the program cannot keep up with them. */
const MOST_THREADS = 4;

/** What a thread's objects may take, megabytes. A clip's samples are outside of it, and bounded by its length. */
const MEMORY = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

interface Job {
  request: ClipRequest;
  /** Seconds that it may take, from when a thread has it. */
  seconds: number;
  signal: AbortSignal;
  resolve: (answer: ClipAnswer) => void;
}

/**
 * Threads in which short recordings are decoded, one at a time each: started when there is work for them, ended when
 * one takes too long, and no reason for the process to stay. A thread that is ended or dies answers null.
 */
export class ClipThreads {
  readonly #module: URL;
  readonly #most: number;
  readonly #waiting: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, (answer: ClipAnswer) => void>();

  constructor(
    module = new URL("./clip-thread.ts", import.meta.url),
    most = Math.min(MOST_THREADS, Math.ceil(availableParallelism() / 2)),
  ) {
    this.#module = module;
    this.#most = most;
  }

  /** Null where the recording is not for these decoders, has broken one, or was no longer wanted. */
  decode(request: ClipRequest, seconds: number, signal: AbortSignal): Promise<ClipAnswer> {
    return new Promise((resolve) => {
      this.#waiting.push({ request, seconds, signal, resolve });
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#waiting.length > 0 && (this.#idle.length > 0 || this.#busy.size < this.#most)) {
      const job = this.#waiting.shift()!;
      if (job.signal.aborted) job.resolve(null);
      else this.#run(job, this.#idle.pop() ?? this.#start());
    }
  }

  #run({ request, seconds, resolve }: Job, thread: Worker): void {
    // To end it is to have its exit, which answers.
    const timer = setTimeout(() => void thread.terminate(), seconds * 1000);
    this.#busy.set(thread, (answer) => {
      clearTimeout(timer);
      this.#busy.delete(thread);
      thread.unref();
      resolve(answer);
    });
    thread.ref();
    thread.postMessage(request);
  }

  #start(): Worker {
    const thread = new Worker(this.#module, { resourceLimits: MEMORY });
    thread.on("message", (answer: ClipAnswer) => {
      this.#busy.get(thread)?.(answer);
      this.#idle.push(thread);
      this.#serve();
    });
    thread.on("error", () => {});
    thread.once("exit", () => {
      const idle = this.#idle.indexOf(thread);
      if (idle >= 0) this.#idle.splice(idle, 1);
      this.#busy.get(thread)?.(null);
      this.#serve();
    });
    return thread;
  }
}

/** Those of this process. */
export const clipThreads = new ClipThreads();
