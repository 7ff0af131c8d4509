import type { Transcription, TranscriptionState } from "./transcription.ts";

/** Ends that are counted: what never began, or was deleted halfway, is no use of the service. */
const COUNTED = ["completed", "failed", "canceled"] as const satisfies TranscriptionState[];

export type CountedState = (typeof COUNTED)[number];

/** What ended on one day with one key. */
export interface UsageRow extends Record<CountedState, number> {
  /** YYYY-MM-DD, UTC. */
  day: string;
  /** Null: no key had a part in it (the inbox), or it is not known any more. */
  keyId: string | null;
  /** Of those that completed. */
  audioSeconds: number;
}

/** What one transcription's end adds to the row of its owner, day and key. */
export interface UsageEntry {
  owner: string;
  day: string;
  keyId: string | null;
  state: CountedState;
  audioSeconds: number;
}

/** Null where the change is no end that is counted. A deletion takes nothing back. */
export function usageOf(before: Transcription | null, after: Transcription): UsageEntry | null {
  const state = COUNTED.find((counted) => counted === after.state);
  if (state === undefined || before?.state === state) return null;
  return {
    owner: after.owner,
    day: (after.times[state] ?? after.createdAt).slice(0, 10),
    keyId: after.keyId ?? null,
    state,
    audioSeconds: state === "completed" ? heardSeconds(after) : 0,
  };
}

export function emptyUsage(day: string, keyId: string | null): UsageRow {
  return { day, keyId, completed: 0, failed: 0, canceled: 0, audioSeconds: 0 };
}

/** Of the recording that was transcribed: the part that was asked for, as far as it is there. */
function heardSeconds({ audio, options }: Transcription): number {
  const duration = audio?.duration ?? 0;
  return Math.max(0, Math.min(options.end ?? duration, duration) - (options.start ?? 0));
}
