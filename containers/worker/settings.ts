import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { DEVICE_CHOICES, type DeviceChoice } from "../../src/asr/index.ts";
import { type AwsSettings, readAwsSettings } from "../../src/aws/settings.ts";
import { InvalidRequestError } from "../../src/jobs/errors.ts";

export interface WorkerSettings {
  aws: AwsSettings;
  /** Unlike that of any other worker. */
  id: string;
  /** Folder of the model pack, or s3://bucket/prefix/. */
  model: string;
  /** Where packs from S3 are kept. */
  modelCache: string;
  device: DeviceChoice;
  concurrency: number;
  visibilitySeconds: number;
  /** How long a poll of an empty queue waits. */
  waitSeconds: number;
  /** What is in hand when the worker has to go gets this long to finish. */
  drainSeconds: number;
  /** For how long ECS may be kept from stopping the task without a break. */
  protectedMinutes: number;
  /** Touched while the process lives; the image's health check looks at its age. */
  healthFile: string;
  /** Of ECS; null elsewhere. */
  agentUri: string | null;
}

const BUNDLED_MODEL = fileURLToPath(new URL("../../models/u2pp-moe-en-41m", import.meta.url));
/** That of the queues: heartbeats come three times as often. */
const VISIBILITY_SECONDS = "120";

/** ECS kills 120 s after SIGTERM, and the worker takes another 10 s to give back what is not finished. */
const MOST_DRAIN_SECONDS = 100;

/** CloudFormation waits for three hours. */
const MOST_PROTECTED_MINUTES = 120;

/** Throws InvalidRequestError naming the variable. */
export function readWorkerSettings(environment: NodeJS.ProcessEnv = process.env): WorkerSettings {
  return {
    aws: readAwsSettings(environment),
    id: `${hostname()}-${randomBytes(4).toString("hex")}`,
    model: environment.SCRIPTORIUM_MODEL || BUNDLED_MODEL,
    modelCache: environment.SCRIPTORIUM_MODEL_CACHE || "/tmp/scriptorium-models",
    device: readDevice(environment.SCRIPTORIUM_DEVICE || "auto"),
    concurrency: readCount("SCRIPTORIUM_CONCURRENCY", environment.SCRIPTORIUM_CONCURRENCY || "8", 256),
    visibilitySeconds: readCount(
      "SCRIPTORIUM_VISIBILITY_SECONDS",
      environment.SCRIPTORIUM_VISIBILITY_SECONDS || VISIBILITY_SECONDS,
      43_200,
    ),
    waitSeconds: readCount("SCRIPTORIUM_WAIT_SECONDS", environment.SCRIPTORIUM_WAIT_SECONDS || "20", 20),
    drainSeconds: readCount(
      "SCRIPTORIUM_DRAIN_SECONDS",
      environment.SCRIPTORIUM_DRAIN_SECONDS || String(MOST_DRAIN_SECONDS),
      MOST_DRAIN_SECONDS,
    ),
    protectedMinutes: readCount(
      "SCRIPTORIUM_PROTECTED_MINUTES",
      environment.SCRIPTORIUM_PROTECTED_MINUTES || "20",
      MOST_PROTECTED_MINUTES,
    ),
    healthFile: environment.SCRIPTORIUM_HEALTH_FILE || "/tmp/scriptorium-healthy",
    agentUri: environment.ECS_AGENT_URI || null,
  };
}

function readDevice(text: string): DeviceChoice {
  if ((DEVICE_CHOICES as readonly string[]).includes(text)) return text as DeviceChoice;
  throw new InvalidRequestError(
    `SCRIPTORIUM_DEVICE must be one of ${DEVICE_CHOICES.join(", ")}, not "${text}".`,
  );
}

function readCount(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new InvalidRequestError(`${name} must be a whole number from 1 to ${most}, not "${text}".`);
  return value;
}
