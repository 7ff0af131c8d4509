import { makeReadRemote, type ReadRemote } from "./remote/read-remote.ts";

export interface WorkerOptions {
  /** Unlike that of every other worker that lives at the same time. */
  id: string;
  /** Recordings in flight at once. */
  concurrency?: number;
  /** How long a message, and the lease on its transcription, last without a sign of life. */
  visibilitySeconds?: number;
  /** How long a poll of an empty queue waits, 1 to 20. */
  waitSeconds?: number;
  /** Progress is written at most this often. */
  progressSeconds?: number;
  /** How often to look whether a transcription under work was canceled or deleted. */
  checkSeconds?: number;
  /** What is in hand when the worker has to go gets this long to finish. */
  drainSeconds?: number;
  /** Fetches recordings that lie elsewhere on the web. */
  readRemote?: ReadRemote;
}

export const WORKER_DEFAULTS: Required<Omit<WorkerOptions, "id">> = {
  concurrency: 8,
  visibilitySeconds: 60,
  waitSeconds: 20,
  progressSeconds: 3,
  checkSeconds: 1,
  drainSeconds: 90,
  readRemote: makeReadRemote(),
};
