import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { allowDeleting, allowReading, allowRecords, allowWriting } from "./grants.ts";
import type { Service } from "./service.ts";
import { ServiceFunction } from "./service-function.ts";

/** Every so many hours a recording goes through the whole service, cold start and GPU included. */
export class Canary extends Construct {
  readonly function: ServiceFunction;

  constructor(
    scope: Construct,
    id: string,
    service: Service,
    { hours, url }: { hours: number; url: string },
  ) {
    super(scope, id);
    const { storage } = service;
    this.function = new ServiceFunction(this, "Function", {
      service,
      entry: new URL("../functions/canary/main.ts", import.meta.url),
      description: "Sends a recording through the service, and looks what became of the last",
      timeout: Duration.minutes(2),
      environment: { SCRIPTORIUM_URL: url },
    });
    new Rule(this, "Schedule", {
      description: "Sends the canary",
      schedule: Schedule.rate(Duration.hours(hours)),
      targets: [
        new LambdaFunction(this.function, { event: RuleTargetInput.fromObject({}), retryAttempts: 0 }),
      ],
    });
    allowRecords(this.function, storage.table);
    allowReading(this.function, storage.bucket, ["results/"]);
    allowWriting(this.function, storage.bucket, ["inbox/canary/"]);
    allowDeleting(this.function, storage.bucket, ["inbox/canary/", "results/"]);
  }
}
