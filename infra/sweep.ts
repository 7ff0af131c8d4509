import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import {
  allow,
  allowDeleting,
  allowDroppingParts,
  allowReading,
  allowRecords,
  allowSending,
  allowWriting,
} from "./grants.ts";
import type { Service } from "./service.ts";
import { allowListing, ServiceFunction } from "./service-function.ts";

/** Once a minute: what time demands. */
export class Sweep extends Construct {
  readonly function: ServiceFunction;

  constructor(scope: Construct, id: string, service: Service, archive: StateMachine) {
    super(scope, id);
    const { storage, queues } = service;
    this.function = new ServiceFunction(this, "Function", {
      service,
      entry: new URL("../functions/sweep/main.ts", import.meta.url),
      description: "Expires, deletes and queues again what is due",
      timeout: Duration.minutes(5),
      // A sweep that takes longer than a minute must not meet the next one.
      reserved: 1,
    });
    // Lambda's own queue would try a sweep that failed or was kept from starting again for hours.
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Rule(this, "EveryMinute", {
      description: "Sweeps",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        // A minute that was missed is made up for by the next one.
        new LambdaFunction(this.function, {
          event: RuleTargetInput.fromObject({}),
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
        }),
      ],
    });
    allowRecords(this.function, storage.table);
    allowReading(this.function, storage.bucket, ["uploads/", "batches/"]);
    allowDroppingParts(this.function, storage.bucket, ["uploads/"]);
    allowWriting(this.function, storage.bucket, ["batches/"]);
    allowDeleting(this.function, storage.bucket, ["uploads/", "inbox/", "results/", "batches/"]);
    allowSending(this.function, [queues.transcribe, queues.archive, ...queues.telling]);
    // Of batches whose record was written, but whose listing was not started; it looks where their sources are.
    allowListing(this.function, archive);
    service.sources.readBy(this.function);
    // Queues that nobody asks report nothing for hours, and tell of their first message up to 15 minutes late.
    allow(
      this.function,
      ["sqs:GetQueueAttributes"],
      [queues.transcribe, queues.archive].map(({ queueArn }) => queueArn),
    );
  }
}
