import { Arn, Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnPipe } from "aws-cdk-lib/aws-pipes";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow, allowKey } from "./grants.ts";
import type { Service } from "./service.ts";

/** Of events on the account's default bus: `detail-type` is a webhook's type, `detail` its data and the owner. */
export const EVENT_SOURCE = "scriptorium";

/** What ended goes on to EventBridge. A queue lies between: a bus that refuses for a while loses nothing. */
export class CompletionEvents extends Construct {
  constructor(scope: Construct, id: string, { storage }: Service, queue: Queue) {
    super(scope, id);
    const stack = Stack.of(this);
    const bus = Arn.format({ service: "events", resource: "event-bus", resourceName: "default" }, stack);
    acknowledge(queue, {
      SQS3: "Events that the bus does not take are tried for as long as the queue keeps them.",
    });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("pipes.amazonaws.com") });
    allow(role, ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], [queue.queueArn]);
    allow(role, ["events:PutEvents"], [bus]);
    for (const key of storage.keys) allowKey(role, key);
    const pipe = new CfnPipe(this, "Pipe", {
      description: "Tells of what ended",
      roleArn: role.roleArn,
      source: queue.queueArn,
      sourceParameters: { sqsQueueParameters: { batchSize: 10 } },
      target: bus,
      targetParameters: {
        eventBridgeEventBusParameters: { source: EVENT_SOURCE, detailType: "$.body.type" },
        inputTemplate: "<$.body.data>",
      },
    });
    // It tries the queue when it is made.
    pipe.node.addDependency(role);
  }
}
