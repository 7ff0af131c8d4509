import { z } from "zod";
import { DEFAULT_LIMITS, type Limits, limitsFrom } from "../src/jobs/limits.ts";
import { imageDate, OLDEST_GPU_IMAGE } from "./gpu-image.ts";

/**
 * Everything that can be chosen when the service is deployed. Each has a context key of the same name:
 * `npx cdk deploy -c maxWorkers=8 -c alarmMail=ops@example.com`, or an entry under "context" in cdk.json. Lists are
 * separated by commas on the command line; `sourceBuckets` and `limits` are JSON.
 */

const INSTANCE_TYPE = /^[a-z][a-z0-9-]*\.[a-z0-9]+$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const KMS_KEY = /^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/;
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;
/** Messages live in a queue for 14 days: no recording may go before the last message about it. */
const LEAST_RECORDING_DAYS = 15;
export const MOST_WORKERS = 1000;
/** The environment of a function holds 4 KB in all. */
const MOST_SOURCE_CHARACTERS = 2000;

/** Command lines give text where cdk.json may give numbers, booleans, lists. */
const fromText = <T extends z.ZodType>(read: (text: string) => unknown, schema: T) =>
  z.preprocess((value) => (typeof value === "string" ? read(value) : value), schema);
const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return fromText(
    (text) => (/^\d+$/.test(text) ? Number(text) : text),
    z.int(error).min(least, error).max(most, error),
  );
};
const flag = fromText(
  (text) => ({ true: true, false: false })[text] ?? text,
  z.boolean("must be true or false"),
);
const list = (item: z.ZodType<string, string>) =>
  fromText(
    (text) => text.split(",").flatMap((part) => part.trim() || []),
    z.array(item, "must be a list with commas"),
  );
const json = <T extends z.ZodType>(schema: T) => fromText(parseJson, schema);

const FIELDS = z.strictObject({
  /** Of the stack. Give a second deployment in the same account and region another one. */
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, "must be letters, digits and hyphens, beginning with a letter")
    .default("Scriptorium"),

  // Workers.
  /** Where GPUs come from: an Auto Scaling group of our own, or ECS Managed Instances. */
  capacity: z.enum(["asg", "managed-instances"]).default("asg"),
  /** Any of these is taken, whichever is cheapest and least likely to be interrupted. One NVIDIA GPU each, x86-64. */
  instanceTypes: list(z.string().regex(INSTANCE_TYPE, "must be EC2 instance types such as g6.xlarge"))
    .refine((types) => types.length > 0, "must name one instance type at least")
    .default(["g6.xlarge", "g5.xlarge", "g4dn.xlarge"]),
  /**
   * An SSM parameter that names the machine image of GPU instances; default: the latest that ECS recommends. A numbered
   * one stays with what was tried: /aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/…/image_id.
   */
  gpuImageParameter: z
    .string()
    .regex(/^\/[\w./-]+$/, "must be the name of an SSM parameter, beginning with a slash")
    .optional(),
  /** How many of a hundred instances are Spot. With managed-instances 0 or 100. */
  spotPercent: whole(0, 100).default(100),
  /** So many instances, the first ones, are never Spot: they go on where Spot has none. With asg. */
  onDemandBase: whole(0, MOST_WORKERS).default(0),
  /** GPUs at most. This and the next two are what `npm run bench -- scaling` picks. Each needs 4 vCPUs of the account's quota for G instances. */
  maxWorkers: whole(1, MOST_WORKERS).default(8),
  /** Hours of audio, waiting and in work, for which one more worker is started. */
  audioHoursPerWorker: whole(1, 100_000).default(20),
  /** Minutes without any message after which the last worker goes. */
  idleMinutes: whole(1, 60).default(15),
  /** Recordings in flight at once in one worker. */
  concurrency: whole(1, 64).default(8),
  /** Memory of a worker's container, MiB: what the smallest instance type can spare. */
  workerMemoryMiB: whole(2048, 1_000_000).default(13_312),
  /** Disk of an instance: its system, the image, the model, recordings in work. */
  volumeGiB: whole(40, 1000).default(80),
  /** Availability zones; default: the region's first two. More of them find more Spot GPUs. */
  zones: list(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "must be zones such as us-east-1a"))
    .refine((zones) => zones.length > 0, "must name one zone at least")
    .optional(),

  // The model.
  /** `bundled`, or s3://bucket/prefix/ of a model pack. */
  model: z
    .string()
    .regex(
      /^(bundled|s3:\/\/[a-z0-9.-]+\/(.*\/)?)$/,
      'must be "bundled" or s3://bucket/prefix/ with a slash at its end',
    )
    .default("bundled"),
  /** A local copy of that pack's model.json, which tells what the API says of the model. */
  modelManifest: z.string().min(1).optional(),

  // Data.
  /** Other buckets that may be read, each with the owners that may name it: {"tapes": ["acme"], "common": "*"}. */
  sourceBuckets: json(
    z.record(
      z.string().regex(BUCKET, "must be the name of a bucket"),
      z.union([z.literal("*"), z.array(z.string().min(1)).min(1)], 'must be a list of owners, or "*"'),
      "must be JSON: an object of buckets",
    ),
  ).default({}),
  /** KMS keys that objects in those buckets are encrypted with, as ARNs. Their own policies must let the service in, too. */
  sourceKeys: list(z.string().regex(KMS_KEY, "must be ARNs of KMS keys, not of aliases")).default([]),
  /** Those of them that results may be written to, beside the recordings. */
  besideBuckets: list(z.string().regex(BUCKET, "must be the name of a bucket")).default([]),
  /** Of a KMS key for the bucket, the table and the queues; default: keys of AWS. The stack must know its region. */
  encryptionKeyArn: z.string().regex(KMS_KEY, "must be the ARN of a KMS key, not of an alias").optional(),
  /** Web origins from which browsers may upload and play, besides the service's own page: https://app.example.com. */
  corsOrigins: list(
    z.string().regex(/^(\*|https?:\/\/[^/\s,]+)$/, "must be origins such as https://app.example.com"),
  ).default([]),
  /** Days after which uploaded recordings are deleted, inbox included; default: kept until somebody deletes them. */
  keepRecordingsDays: whole(LEAST_RECORDING_DAYS, 36_500).optional(),
  /** Days for which deleted or replaced objects can be brought back. 0: a deletion is final at once. */
  recoverDays: whole(0, 365).default(0),
  /** Of logs. */
  logDays: whole(1, 3653)
    .refine(
      (days) => LOG_DAYS.some((allowed) => allowed === days),
      `must be one of ${LOG_DAYS.join(", ")}: CloudWatch takes no other`,
    )
    .default(30),
  /** Delete the bucket and the table with all that is in them when the stack is deleted: for trials. */
  destroyData: flag.default(false),

  // The front door.
  /** Of the API, with the ARN of an ACM certificate of this region for it. */
  domainName: z.hostname().optional(),
  certificateArn: z
    .string()
    .regex(/^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/.+$/, "must be the ARN of an ACM certificate")
    .optional(),
  /** CloudFront and WAF before the API: what is too much of a key or an address is refused there. */
  edge: flag.default(false),
  /** Of a web ACL for CloudFront, in us-east-1; default: one of our own, which a stack elsewhere cannot make. */
  edgeAclArn: z
    .string()
    .regex(
      /^arn:aws[\w-]*:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/,
      "must be the ARN of a web ACL for CloudFront",
    )
    .optional(),
  /** Requests in a second, over all keys; twice as many in a burst. What is above gets 429. */
  requestsPerSecond: whole(1, 10_000).default(500),
  /** What the service accepts, as src/jobs/limits.ts has it: {"durationSeconds": 7200}. */
  limits: json(z.record(z.string(), z.number(), "must be JSON: an object of limits")).default({}),

  // Functions.
  /** Webhooks being delivered at once. */
  webhookConcurrency: whole(2, 1000).default(20),
  /**
   * Whether functions that a queue feeds keep a share of the account's concurrency for themselves. An account whose
   * quota of concurrent executions is still 10 has none to give away.
   */
  reserveConcurrency: flag.default(true),
  /** Pages of a batch's list, 100 items each, that are queued at once. */
  listingConcurrency: whole(1, 1000).default(10),
  /** Tell EventBridge of what ended, on the account's default bus: a queue more that is asked for messages. */
  completionEvents: flag.default(false),
  /** X-Ray traces of functions. */
  tracing: flag.default(false),

  // Operations.
  /** Let operators into workers: Session Manager on instances, ECS Exec in containers. */
  operatorAccess: flag.default(false),
  /** Every so many hours a recording of the service's own goes all the way through it; 0: none. Each wakes a GPU. */
  canaryHours: whole(0, 24).default(0),
  /** Where alarms are mailed to. */
  alarmMail: z.email().optional(),
  /** Whether there are alarms; default: where there is somebody to mail them to. Each of their metrics is paid for. */
  alarms: flag.optional(),
  /** Whether there is a dashboard; default: where there are alarms. An account's first three are free. */
  dashboard: flag.optional(),
});

const SETTINGS = FIELDS.check(({ value, issues }) => {
  const complain = (path: keyof typeof value, message: string) =>
    issues.push({ code: "custom", path: [path], message, input: value[path] });
  if ((value.domainName === undefined) !== (value.certificateArn === undefined))
    complain("domainName", "and certificateArn go together");
  if (value.model !== "bundled" && value.modelManifest === undefined)
    complain("modelManifest", "must name a local copy of the pack's model.json when model is in S3");
  if (value.capacity === "managed-instances" && ![0, 100].includes(value.spotPercent))
    complain("spotPercent", "must be 0 or 100 with managed-instances");
  if (value.capacity === "managed-instances" && value.gpuImageParameter !== undefined)
    complain("gpuImageParameter", "goes with asg: ECS chooses the image of managed-instances");
  const date = imageDate(value.gpuImageParameter ?? "");
  if (date !== null && date < OLDEST_GPU_IMAGE.date)
    complain(
      "gpuImageParameter",
      `must be of ${OLDEST_GPU_IMAGE.date} or later: older drivers do not run CUDA 13`,
    );
  for (const bucket of value.besideBuckets)
    if (!(bucket in value.sourceBuckets))
      complain("besideBuckets", `names ${bucket}, which is not one of sourceBuckets`);
  if (JSON.stringify(value.sourceBuckets).length > MOST_SOURCE_CHARACTERS)
    complain(
      "sourceBuckets",
      `must be ${MOST_SOURCE_CHARACTERS} characters at most: functions have no room for more`,
    );
  if (value.alarmMail !== undefined && value.alarms === false)
    complain("alarms", "must not be false where alarmMail wants them");
  if (value.edgeAclArn !== undefined && !value.edge) complain("edgeAclArn", "goes with edge");
  if (value.edge && value.certificateArn?.includes(":us-east-1:") === false)
    complain("certificateArn", "must be of us-east-1 with edge: CloudFront looks for it there");
  const fault = faultOfLimits(value.limits);
  if (fault !== null) complain("limits", fault);
}).transform((value) => {
  const alarms = value.alarms ?? value.alarmMail !== undefined;
  return { ...value, alarms, dashboard: value.dashboard ?? alarms };
});

export type Settings = z.output<typeof SETTINGS>;
/** As they are given: all of them have a default. */
export type SettingsInput = Partial<z.output<typeof FIELDS>>;

/** Settings that make no sense. The message has a line for each. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/**
 * The settings of a CDK context: its entries aside from CDK's own, whose names have a colon or begin with @. Throws
 * SettingsError naming each key that is unknown or wrong.
 */
export function settingsFrom(context: Readonly<Record<string, unknown>>): Settings {
  const own = Object.entries(context).filter(([key]) => !key.includes(":") && !key.startsWith("@"));
  return parseSettings(Object.fromEntries(own));
}

/** Throws SettingsError likewise. */
export function parseSettings(given: Readonly<Record<string, unknown>>): Settings {
  const parsed = SETTINGS.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys")
      return `${issue.keys.join(", ")}: no such setting. There are ${Object.keys(FIELDS.shape).join(", ")}.`;
    return `${issue.path.join(".")}: ${issue.message}`;
  });
  throw new SettingsError(`These settings make no sense:\n${lines.join("\n")}`);
}

/** The account and region that the CDK's command line deploys to, where it has credentials for one. */
export function placeOf(environment: Readonly<Record<string, string | undefined>> = process.env) {
  return { account: environment.CDK_DEFAULT_ACCOUNT, region: environment.CDK_DEFAULT_REGION };
}

/** As the functions and workers read it. */
export function limitsEnvironment(limits: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(limits).map(([name, value]) => [
      `SCRIPTORIUM_LIMIT_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      String(value),
    ]),
  );
}

function faultOfLimits(limits: Readonly<Record<string, number>>): string | null {
  const unknown = Object.keys(limits).filter((name) => !(name in DEFAULT_LIMITS));
  const known = Object.keys(DEFAULT_LIMITS) satisfies string[] as (keyof Limits)[];
  if (unknown.length > 0) return `has no ${unknown.join(", ")}. There are ${known.join(", ")}.`;
  try {
    limitsFrom(limitsEnvironment(limits));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Text that is no JSON stays text, which the schema refuses. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
