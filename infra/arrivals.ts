import { Aws, Duration } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { allowRecords, allowSending } from "./grants.ts";
import type { Service } from "./service.ts";
import { ServiceFunction } from "./service-function.ts";

/** Events in hand at once: what comes faster waits with Lambda. */
const CONCURRENCY = 50;

/**
 * Takes note of each recording that arrives, in its owner's name. By way of a topic: S3 would have to know the function,
 * which knows the bucket. What the function cannot do is left to the workers, who can as well.
 */
export class Arrivals extends Construct {
  readonly function: ServiceFunction;
  readonly topic: Topic;

  constructor(scope: Construct, id: string, service: Service) {
    super(scope, id);
    const { storage, queues } = service;
    this.topic = new Topic(this, "Topic", { displayName: "Recordings that arrived", enforceSSL: true });
    // Naming the bucket here would close a ring: S3 checks the topic's policy before the bucket exists.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "EventsOfThisAccount",
        principals: [new ServicePrincipal("s3.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
    this.function = new ServiceFunction(this, "Function", {
      service,
      entry: new URL("../functions/accept-arrivals/main.ts", import.meta.url),
      description: "Queues recordings that have arrived",
      timeout: Duration.seconds(30),
      reserved: CONCURRENCY,
      deadLetters: queues.transcribe,
    });
    this.topic.addSubscription(new LambdaSubscription(this.function));
    allowRecords(this.function, storage.table);
    allowSending(this.function, [queues.transcribe, ...queues.telling]);
    storage.announceArrivals(this.topic);
  }
}
