import type { Log } from "../../src/jobs/ports/index.ts";
import { repeat } from "./repeat.ts";

export interface TaskProtectionOptions {
  /** $ECS_AGENT_URI. */
  agentUri: string;
  isBusy: () => boolean;
  log: Log;
  /** Times in seconds, shorter in tests. */
  lookSeconds?: number;
  refreshSeconds?: number;
  idleSeconds?: number;
}

/** Should the worker hang, it can be scaled in after this all the same. */
const EXPIRES_MINUTES = 10;
const TIMEOUT_MS = 5000;

/**
 * Asks ECS not to scale this task in while it is at work, and lets go a little after it. As best it can: without
 * protection the work is given back when the task is stopped. Returns how to end it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export function protectTask(options: TaskProtectionOptions): () => Promise<void> {
  const { agentUri, isBusy, log, lookSeconds = 1, refreshSeconds = 120, idleSeconds = 10 } = options;
  let isProtected = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  let busyAt = Number.NEGATIVE_INFINITY;
  const look = async () => {
    const now = performance.now() / 1000;
    if (isBusy()) busyAt = now;
    const wanted = now - busyAt < idleSeconds;
    if (wanted === isProtected && !(wanted && now - askedAt >= refreshSeconds)) return;
    askedAt = now;
    await ask(agentUri, wanted);
    isProtected = wanted;
  };
  return repeat(lookSeconds, look, (error) => log.warn("task.protection_failed", { error: String(error) }));
}

async function ask(agentUri: string, ProtectionEnabled: boolean): Promise<void> {
  const response = await fetch(`${agentUri}/task-protection/v1/state`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ProtectionEnabled,
      ...(ProtectionEnabled && { ExpiresInMinutes: EXPIRES_MINUTES }),
    }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = await response.text();
  // ECS says 200 to what it could not do, too.
  if (!response.ok || /"(failure|error)"\s*:/.test(answer)) throw new Error(`${response.status} ${answer}`);
}
