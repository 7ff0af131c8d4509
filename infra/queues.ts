import { Duration } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Settings } from "./settings.ts";

/** Workers renew it at a third of it. */
const WORK_VISIBILITY = Duration.seconds(120);
/** Six times what the function that delivers webhooks may take. */
export const WEBHOOK_TIMEOUT = Duration.seconds(30);
const WEBHOOK_VISIBILITY = Duration.seconds(180);
/** Six times what the function that settles dead letters may take. */
export const DEAD_LETTER_TIMEOUT = Duration.seconds(60);
const DEAD_LETTER_VISIBILITY = Duration.seconds(360);
const EVENT_VISIBILITY = Duration.seconds(60);
const KEPT = Duration.days(14);

/** Each queue asks KMS for a key of its own no more often than that. */
const KEY_REUSE = Duration.hours(1);

const WORK_RECEIVES = 5;
const WEBHOOK_RECEIVES = 20;

/** What waits to be done, and what was received too often. */
export class Queues extends Construct {
  readonly #key: IKey | undefined;
  readonly transcribe: Queue;
  readonly archive: Queue;
  readonly webhooks: Queue;
  /** What ended, on its way to EventBridge. */
  readonly events: Queue | undefined;
  /** One for both queues of workers: each queue that a function reads is polled, and paid for, all day long. */
  readonly dead: { work: Queue; webhooks: Queue };

  constructor(scope: Construct, id: string, { completionEvents }: Settings, encryptionKey?: IKey) {
    super(scope, id);
    this.#key = encryptionKey;
    this.dead = {
      work: this.#queue("WorkDead", DEAD_LETTER_VISIBILITY),
      webhooks: this.#queue("WebhooksDead", WEBHOOK_VISIBILITY),
    };
    this.transcribe = this.#queue("Transcribe", WORK_VISIBILITY, this.dead.work, WORK_RECEIVES);
    this.archive = this.#queue("Archive", WORK_VISIBILITY, this.dead.work, WORK_RECEIVES);
    if (completionEvents) this.events = this.#queue("Events", EVENT_VISIBILITY);
    this.webhooks = this.#queue("Webhooks", WEBHOOK_VISIBILITY, this.dead.webhooks, WEBHOOK_RECEIVES);
  }

  /** Whoever ends a transcription or a batch sends to these. */
  get telling(): Queue[] {
    return [this.webhooks, ...(this.events ? [this.events] : [])];
  }

  #queue(id: string, visibilityTimeout: Duration, dead?: Queue, maxReceiveCount = 0): Queue {
    return new Queue(this, id, {
      visibilityTimeout,
      retentionPeriod: KEPT,
      receiveMessageWaitTime: Duration.seconds(20),
      ...(this.#key
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: this.#key, dataKeyReuse: KEY_REUSE }
        : { encryption: QueueEncryption.SQS_MANAGED }),
      enforceSSL: true,
      ...(dead && { deadLetterQueue: { queue: dead, maxReceiveCount } }),
    });
  }
}
