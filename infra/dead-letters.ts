import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { allowDeleting, allowReading, allowRecords, allowSending, allowWriting } from "./grants.ts";
import { DEAD_LETTER_TIMEOUT } from "./queues.ts";
import type { Service } from "./service.ts";
import { ServiceFunction } from "./service-function.ts";

const CONCURRENCY = 2;

/** What workers received too often reaches its end here: failed, or sent once more where that was nobody's fault. */
export class DeadLetters extends Construct {
  readonly function: ServiceFunction;

  constructor(scope: Construct, id: string, service: Service) {
    super(scope, id);
    const { storage, queues } = service;
    this.function = new ServiceFunction(this, "Function", {
      service,
      entry: new URL("../functions/fail-dead-letters/main.ts", import.meta.url),
      description: "Settles messages that were received too often",
      timeout: DEAD_LETTER_TIMEOUT,
      reserved: CONCURRENCY,
    });
    this.function.addEventSource(
      new SqsEventSource(queues.dead.work, {
        batchSize: 10,
        maxConcurrency: CONCURRENCY,
        reportBatchItemFailures: true,
      }),
    );
    allowRecords(this.function, storage.table);
    allowReading(this.function, storage.bucket, ["uploads/", "inbox/", "batches/"]);
    // The summary of a batch whose last item this is.
    allowWriting(this.function, storage.bucket, ["batches/"]);
    allowDeleting(this.function, storage.bucket, ["uploads/", "inbox/", "results/", "batches/"]);
    allowSending(this.function, [queues.transcribe, queues.archive, ...queues.telling]);
  }
}
