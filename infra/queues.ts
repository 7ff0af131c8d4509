import { Aws, Duration } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** Workers renew it at a third of it. */
const WORK_VISIBILITY = Duration.seconds(120);
/** Six times what the function that delivers webhooks may take. */
export const WEBHOOK_TIMEOUT = Duration.seconds(30);
const WEBHOOK_VISIBILITY = Duration.seconds(180);
/** Six times what the function that settles dead letters may take. */
export const DEAD_LETTER_TIMEOUT = Duration.seconds(60);
const DEAD_LETTER_VISIBILITY = Duration.seconds(360);
const KEPT = Duration.days(14);

const WORK_RECEIVES = 5;
const WEBHOOK_RECEIVES = 20;

/** What waits to be done, and what was received too often. */
export class Queues extends Construct {
  readonly transcribe: Queue;
  readonly archive: Queue;
  readonly webhooks: Queue;
  /** One for both queues of workers: each queue that a function reads is polled, and paid for, all day long. */
  readonly dead: { work: Queue; webhooks: Queue };

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.dead = {
      work: this.#queue("WorkDead", DEAD_LETTER_VISIBILITY),
      webhooks: this.#queue("WebhooksDead", WEBHOOK_VISIBILITY),
    };
    this.transcribe = this.#queue("Transcribe", WORK_VISIBILITY, this.dead.work, WORK_RECEIVES);
    this.archive = this.#queue("Archive", WORK_VISIBILITY, this.dead.work, WORK_RECEIVES);
    this.webhooks = this.#queue("Webhooks", WEBHOOK_VISIBILITY, this.dead.webhooks, WEBHOOK_RECEIVES);
    acceptFromS3(this.transcribe);
  }

  #queue(id: string, visibilityTimeout: Duration, dead?: Queue, maxReceiveCount = 0): Queue {
    return new Queue(this, id, {
      visibilityTimeout,
      retentionPeriod: KEPT,
      receiveMessageWaitTime: Duration.seconds(20),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...(dead && { deadLetterQueue: { queue: dead, maxReceiveCount } }),
    });
  }
}

/** Naming the bucket here would close a ring: S3 checks the queue's policy before the bucket exists. */
function acceptFromS3(queue: Queue): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: "EventsOfThisAccount",
      principals: [new ServicePrincipal("s3.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [queue.queueArn],
      conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
    }),
  );
}
