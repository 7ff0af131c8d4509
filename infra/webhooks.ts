import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { allowRecords, allowSending } from "./grants.ts";
import { WEBHOOK_TIMEOUT } from "./queues.ts";
import type { Service } from "./service.ts";
import { ServiceFunction } from "./service-function.ts";

/** Each message of the queue is one attempt to tell an app. */
export class Webhooks extends Construct {
  readonly function: ServiceFunction;

  constructor(scope: Construct, id: string, service: Service) {
    super(scope, id);
    const { props, storage, queues } = service;
    this.function = new ServiceFunction(this, "Function", {
      service,
      entry: new URL("../functions/deliver-webhook/main.ts", import.meta.url),
      description: "Delivers webhooks",
      timeout: WEBHOOK_TIMEOUT,
      reserved: props.webhookConcurrency,
      // One owner's endpoints that hang must not keep all of them busy.
      environment: { SCRIPTORIUM_WEBHOOKS_PER_OWNER: String(Math.ceil(props.webhookConcurrency / 2)) },
    });
    this.function.addEventSource(
      new SqsEventSource(queues.webhooks, {
        // One slow endpoint must not keep the messages of others waiting.
        batchSize: 1,
        maxConcurrency: props.webhookConcurrency,
        reportBatchItemFailures: true,
      }),
    );
    allowRecords(this.function, storage.table);
    // The next attempt's message.
    allowSending(this.function, [queues.webhooks]);
  }
}
