import { Names } from "aws-cdk-lib";
import type { IVpc } from "aws-cdk-lib/aws-ec2";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { Archive } from "./archive.ts";
import { Arrivals } from "./arrivals.ts";
import { Canary } from "./canary.ts";
import { CompletionEvents } from "./completion-events.ts";
import { DeadLetters } from "./dead-letters.ts";
import { FrontDoor } from "./front-door.ts";
import { GpuWorkers } from "./gpu-workers.ts";
import { BUNDLED_MANIFEST, readModelFacts } from "./model-facts.ts";
import { Observability } from "./observability.ts";
import type { Parts } from "./parts.ts";
import { Queues } from "./queues.ts";
import type { Service } from "./service.ts";
import { parseSettings, type Settings, type SettingsInput } from "./settings.ts";
import { type Owners, Sources } from "./sources.ts";
import { Storage } from "./storage.ts";
import { Sweep } from "./sweep.ts";
import { Webhooks } from "./webhooks.ts";

/** The settings of infra/settings.ts, and what an app may have already. */
export interface ScriptoriumProps extends SettingsInput {
  /** Workers run in its private subnets, which must have a way out, or else in its public ones. Default: a network of their own. */
  vpc?: IVpc;
  /**
   * Of recordings and transcripts. What it forgets and who may upload from browsers is its owner's to say. Default: a
   * bucket of its own.
   */
  bucket?: IBucket;
  /** Encrypts the bucket (unless that is given), the table and the queues. Default: keys of AWS. */
  encryptionKey?: IKey;
}

export interface SourceBucketOptions {
  /** Who may name it as a source (default: every owner). */
  owners?: Owners;
  /** Whether results may be written beside the recordings (default: false). */
  beside?: boolean;
}

/**
 * The whole service, as one construct: the picture of docs/architecture.md, "The flow". Throws SettingsError where its
 * settings make no sense.
 */
export class Scriptorium extends Construct {
  readonly bucket: IBucket;
  /** Of the API. */
  readonly url: string;
  readonly parts: Parts;

  constructor(scope: Construct, id: string, props: ScriptoriumProps = {}) {
    super(scope, id);
    const { vpc, bucket, encryptionKey: givenKey, ...given } = props;
    const settings = parseSettings({ name: Names.uniqueResourceName(this, NAME), ...given });
    const encryptionKey = givenKey ?? keyOf(this, settings);
    const storage = new Storage(this, "Storage", settings, { bucket, encryptionKey });
    const queues = new Queues(this, "Queues", settings, encryptionKey);
    const sources = new Sources(this, "Sources", settings);
    const model = readModelFacts(settings.modelManifest ?? BUNDLED_MANIFEST);
    const service: Service = { props: settings, model, storage, queues, sources };

    // app ── POST /v1/transcriptions ─▶ api; archivist ── POST /v1/batches ─▶ api ─▶ lists ─▶ queue archive
    const archive = new Archive(this, "Archive", service);
    const frontDoor = new FrontDoor(this, "FrontDoor", service, archive.stateMachine);
    storage.allowPageAt(frontDoor.url, settings);
    // app ── PUT recording ─▶ bucket ─▶ accept-arrivals ─▶ queue transcribe
    const arrivals = new Arrivals(this, "Arrivals", service);
    // both queues ─▶ workers ─▶ results, records, queue webhooks
    const workers = new GpuWorkers(this, "Workers", service, vpc);
    // queue webhooks ─▶ the app; dead letters ─▶ failed + webhook
    const webhooks = new Webhooks(this, "Webhooks", service);
    const deadLetters = new DeadLetters(this, "DeadLetters", service);
    if (queues.events) new CompletionEvents(this, "CompletionEvents", service, queues.events);
    const sweep = new Sweep(this, "Sweep", service, archive.stateMachine);

    const canary =
      settings.canaryHours > 0
        ? new Canary(this, "Canary", service, { hours: settings.canaryHours, url: frontDoor.url })
        : null;
    this.parts = { service, arrivals, archive, frontDoor, workers, webhooks, deadLetters, sweep, canary };
    new Observability(this, "Observability", this.parts);
    this.bucket = storage.bucket;
    this.url = frontDoor.url;
  }

  /** Let owners name a bucket as a source. One of another account must agree, by a policy of its own. */
  addSourceBucket(bucket: IBucket, { owners = "*", beside = false }: SourceBucketOptions = {}): void {
    this.parts.service.sources.add(bucket, owners, beside);
  }
}

/** The one that the settings name. */
function keyOf(scope: Construct, { encryptionKeyArn }: Settings): IKey | undefined {
  return encryptionKeyArn === undefined ? undefined : Key.fromKeyArn(scope, "Key", encryptionKeyArn);
}

const NAME = { maxLength: 40, separator: "-" };
