import type { Log } from "../../src/jobs/ports/index.ts";
import { repeat } from "./repeat.ts";

export interface TaskProtectionOptions {
  /** $ECS_AGENT_URI. */
  agentUri: string;
  worker: ProtectedWorker;
  log: Log;
  /** Without a break, before the worker stops taking work for a moment. */
  longestSeconds: number;
  /** Times in seconds, shorter in tests. */
  lookSeconds?: number;
  refreshSeconds?: number;
  idleSeconds?: number;
  restSeconds?: number;
  retrySeconds?: number;
  timeoutSeconds?: number;
}

export interface ProtectedWorker {
  readonly idle: boolean;
  /** Take nothing more; go on with what is in hand. */
  pause(): void;
  resume(): void;
}

/** Should the worker hang, it can be scaled in after this all the same. */
const EXPIRES_MINUTES = 10;

/**
 * Asks ECS not to scale this task in while it is at work, and lets go a little after it. As best it can: without
 * protection the work is given back when the task is stopped. Returns how to end it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export function protectTask(options: TaskProtectionOptions): () => Promise<void> {
  const { lookSeconds = 1, log } = options;
  const protection = new TaskProtection(options);
  return repeat(
    lookSeconds,
    () => protection.look(performance.now() / 1000),
    (error) => log.warn("task.protection_failed", { error: String(error) }),
  );
}

/**
 * A backlog never ends, and a deployment waits for tasks that are protected until CloudFormation gives it up: after
 * `longestSeconds` the worker rests. It finishes what it has in hand, is without protection for `restSeconds`, in which ECS
 * can stop it and nothing is lost, and goes on if ECS did not.
 */
export class TaskProtection {
  readonly #options: Required<TaskProtectionOptions>;
  #since: number | null = null;
  #restsSince: number | null = null;
  #resting = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #busyAt = Number.NEGATIVE_INFINITY;

  constructor(options: TaskProtectionOptions) {
    const defaults = {
      lookSeconds: 1,
      refreshSeconds: 120,
      idleSeconds: 10,
      restSeconds: 30,
      retrySeconds: 10,
      timeoutSeconds: 5,
    };
    this.#options = { ...defaults, ...options };
  }

  /** `now`: seconds on any clock that only goes forward. */
  async look(now: number): Promise<void> {
    const { worker, idleSeconds, longestSeconds, restSeconds, log } = this.#options;
    if (!worker.idle) this.#busyAt = now;
    if (!this.#resting && this.#since !== null && now - this.#since >= longestSeconds) {
      this.#resting = true;
      worker.pause();
      log.info("task.resting", { protected_seconds: Math.round(now - this.#since) });
    }
    const wanted = this.#resting ? !worker.idle : now - this.#busyAt < idleSeconds;
    await this.#ask(wanted, now);
    if (!this.#resting) return;
    if (this.#since !== null) this.#restsSince = null;
    else this.#restsSince ??= now;
    if (this.#restsSince === null || now - this.#restsSince < restSeconds) return;
    this.#resting = false;
    this.#restsSince = null;
    worker.resume();
  }

  async #ask(wanted: boolean, now: number): Promise<void> {
    const { agentUri, refreshSeconds, retrySeconds, timeoutSeconds } = this.#options;
    const isProtected = this.#since !== null;
    if (wanted === isProtected && !(wanted && now - this.#askedAt >= refreshSeconds)) return;
    // ECS refuses protection while a deployment waits: it is not asked each time that is looked.
    if (wanted !== isProtected && wanted && now - this.#askedAt < retrySeconds) return;
    this.#askedAt = now;
    await ask(agentUri, wanted, timeoutSeconds);
    this.#since = wanted ? (this.#since ?? now) : null;
  }
}

async function ask(agentUri: string, ProtectionEnabled: boolean, timeoutSeconds: number): Promise<void> {
  const response = await fetch(`${agentUri}/task-protection/v1/state`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ProtectionEnabled,
      ...(ProtectionEnabled && { ExpiresInMinutes: EXPIRES_MINUTES }),
    }),
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  });
  const answer = await response.text();
  // ECS says 200 to what it could not do, too.
  if (!response.ok || /"(failure|error)"\s*:/.test(answer)) throw new Error(`${response.status} ${answer}`);
}
