import { InvalidRequestError } from "./errors.ts";

/** What the service accepts. Each can be set where it is deployed; these are the defaults. */
export interface Limits {
  /** Bytes of one recording. */
  uploadBytes: number;
  /** Seconds of audio in one recording. */
  durationSeconds: number;
  /** Requests of one key in a minute. */
  requestsPerMinute: number;
  hotwords: number;
  hotwordCharacters: number;
  /** n-best. */
  alternatives: number;
  /** Entries of `metadata`. */
  metadataEntries: number;
  metadataKeyCharacters: number;
  metadataValueCharacters: number;
  /** Bytes of a JSON request. */
  requestBytes: number;
  /** Seconds in which a JSON request must have come in. */
  requestSeconds: number;
  /** Seconds an upload URL is good for. */
  uploadUrlSeconds: number;
  /** Seconds after that in which an upload that began in time is waited for, before the transcription expires. */
  uploadGraceSeconds: number;
  /** Seconds an Idempotency-Key is remembered. */
  idempotencySeconds: number;
  /** Seconds a rotated webhook secret stays valid beside its successor. */
  secretOverlapSeconds: number;
  /** Times a recording is begun before it is given up: each but the last was cut short by a crash. */
  attempts: number;
}

export const DEFAULT_LIMITS: Limits = {
  uploadBytes: 2_000_000_000,
  durationSeconds: 12 * 3600,
  requestsPerMinute: 6000,
  hotwords: 1000,
  hotwordCharacters: 100,
  alternatives: 10,
  metadataEntries: 50,
  metadataKeyCharacters: 64,
  metadataValueCharacters: 1000,
  requestBytes: 256 * 1024,
  requestSeconds: 30,
  uploadUrlSeconds: 3600,
  uploadGraceSeconds: 6 * 3600,
  idempotencySeconds: 24 * 3600,
  secretOverlapSeconds: 24 * 3600,
  attempts: 5,
};

/** What cannot be set higher: a record must fit into an item of DynamoDB, an upload into one PUT of S3, whose URLs live a week. */
const MOST: Partial<Limits> = {
  uploadBytes: 5 * 1024 ** 3,
  requestBytes: 320 * 1024,
  uploadUrlSeconds: 7 * 24 * 3600,
};

const PREFIX = "SCRIPTORIUM_LIMIT_";

/**
 * The defaults, with what the environment sets: SCRIPTORIUM_LIMIT_UPLOAD_BYTES for `uploadBytes` and so on. Throws
 * InvalidRequestError naming the variable where it is not a positive whole number, or not a limit at all.
 */
export function limitsFrom(environment: Readonly<Record<string, string | undefined>>): Limits {
  const limits = { ...DEFAULT_LIMITS };
  const names = new Map(Object.keys(limits).map((name) => [variableOf(name), name as keyof Limits]));
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || text === undefined) continue;
    const name = names.get(variable);
    if (!name)
      throw new InvalidRequestError(`${variable} is not a limit. There are ${[...names.keys()].join(", ")}.`);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value))
      throw new InvalidRequestError(`${variable} must be a whole number from 1, not "${text}".`);
    const most = MOST[name];
    if (most !== undefined && value > most)
      throw new InvalidRequestError(`${variable} must be ${most} at most, not ${text}.`);
    limits[name] = value;
  }
  return limits;
}

function variableOf(name: string): string {
  return PREFIX + name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
