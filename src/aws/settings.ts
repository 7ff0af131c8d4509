// As a namespace, of which a bundle keeps only what is used.
import * as z from "zod";
import { InvalidRequestError } from "../jobs/errors.ts";
import { type Limits, limitsFrom } from "../jobs/limits.ts";
import type { ModelSummary } from "../jobs/ports/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment of every part of the service on AWS says. */
export interface AwsSettings {
  /** The deployment's name, for metrics; null where none is told. */
  stack: string | null;
  bucket: string;
  table: string;
  queues: { transcribe: string; archive: string; webhooks: string; events?: string | null };
  /** Owners that may name a bucket as a source; `*`: every owner. */
  sourceBuckets: Readonly<Record<string, readonly string[] | "*">>;
  limits: Limits;
  /** For tests alone, never set by infra/: webhooks may go to this very machine, by plain http. */
  allowLocalWebhooks: boolean;
}

const SOURCES = z.record(z.string(), z.union([z.literal("*"), z.array(z.string())]));
const MODELS = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    languages: z.array(z.string()),
    license: z.string().nullable(),
    parameters: z.object({ total: z.number(), active: z.number() }).nullable(),
  }),
);

/** Read what infra/ sets for all. Throws InvalidRequestError naming the variable. */
export function readAwsSettings(environment: Environment = process.env): AwsSettings {
  return {
    stack: environment.SCRIPTORIUM_STACK || null,
    bucket: required("SCRIPTORIUM_BUCKET", environment),
    table: required("SCRIPTORIUM_TABLE", environment),
    queues: {
      transcribe: required("SCRIPTORIUM_TRANSCRIBE_QUEUE_URL", environment),
      archive: required("SCRIPTORIUM_ARCHIVE_QUEUE_URL", environment),
      webhooks: required("SCRIPTORIUM_WEBHOOKS_QUEUE_URL", environment),
      events: environment.SCRIPTORIUM_EVENTS_QUEUE_URL || null,
    },
    sourceBuckets: readJson("SCRIPTORIUM_SOURCE_BUCKETS", SOURCES, environment) ?? {},
    limits: limitsFrom(environment),
    allowLocalWebhooks: environment.SCRIPTORIUM_ALLOW_LOCAL_WEBHOOKS === "true",
  };
}

/** Of the models that the service has; the first is the one in use. */
export function readModelFacts(environment: Environment = process.env): ModelSummary[] {
  return readJson("SCRIPTORIUM_MODEL_FACTS", MODELS, environment) ?? [];
}

/** How many deliveries of one owner's webhooks may be under way. Throws InvalidRequestError. */
export function readWebhooksPerOwner(environment: Environment = process.env): number {
  const text = required("SCRIPTORIUM_WEBHOOKS_PER_OWNER", environment);
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  const message = `SCRIPTORIUM_WEBHOOKS_PER_OWNER must be a whole number from 1, not "${text}".`;
  throw new InvalidRequestError(message, { variable: "SCRIPTORIUM_WEBHOOKS_PER_OWNER" });
}

/** Of what reads the lists of batches. Throws InvalidRequestError. */
export function readStateMachineArn(environment: Environment = process.env): string {
  return required("SCRIPTORIUM_ARCHIVE_STATE_MACHINE_ARN", environment);
}

/** Throws InvalidRequestError where the variable is not set, or empty. */
function required(name: string, environment: Environment = process.env): string {
  const value = environment[name];
  if (!value) throw new InvalidRequestError(`The environment lacks ${name}.`, { variable: name });
  return value;
}

function readJson<Value>(name: string, schema: z.ZodType<Value>, environment: Environment): Value | null {
  const text = environment[name];
  if (!text) return null;
  const parsed = schema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new InvalidRequestError(`${name} is not valid: ${z.prettifyError(parsed.error)}`, { variable: name });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
