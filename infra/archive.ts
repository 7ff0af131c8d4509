import { Aws, Duration, Fn, RemovalPolicy } from "aws-cdk-lib";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { acknowledge, acknowledgeResources, acknowledgeWildcards } from "./acknowledge.ts";
import { archiveDefinition } from "./archive-definition.ts";
import { allow, allowKey, allowReading, allowRecords, allowSending, allowWriting } from "./grants.ts";
import type { Service } from "./service.ts";
import { ServiceFunction } from "./service-function.ts";

/** Reads the lists of batches and queues their items. An execution is named for its batch, so that two are one. */
export class Archive extends Construct {
  readonly stateMachine: StateMachine;
  readonly enqueue: ServiceFunction;
  readonly finish: ServiceFunction;
  readonly listSource: ServiceFunction;

  constructor(scope: Construct, id: string, service: Service) {
    super(scope, id);
    const { props, storage } = service;
    this.enqueue = this.#enqueueFunction(service);
    this.finish = this.#finishFunction(service);
    this.listSource = this.#listSourceFunction(service);
    this.stateMachine = new StateMachine(this, "StateMachine", {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(
        archiveDefinition(this, {
          bucket: storage.bucket as IBucket,
          enqueue: this.enqueue,
          finish: this.finish,
          listSource: this.listSource,
          concurrency: props.listingConcurrency,
        }),
      ),
      tracingEnabled: props.tracing,
      logs: {
        destination: new LogGroup(this, "Logs", {
          // Step Functions may write to groups of this name without a policy of their own, of which an account has ten.
          logGroupName: `/aws/vendedlogs/states/${props.name}-archive`,
          retention: props.logDays as RetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ERROR,
      },
    });
    for (const key of storage.keys) allowKey(this.stateMachine, key);
    // Lists, and the records of what was read of them.
    allowReading(this.stateMachine, storage.bucket, ["inbox/", "batches/"]);
    service.sources.readBy(this.stateMachine);
    allowWriting(this.stateMachine, storage.bucket, ["batches/"]);
    allow(
      this.stateMachine,
      ["s3:ListMultipartUploadParts"],
      [storage.bucket.arnForObjects("batches/*")],
      "What a map has written so far.",
    );
    this.#finishStopped();
    acknowledge(this.stateMachine, {
      SF1: "Errors are logged; each step of a batch of a million recordings would be a bill.",
      SF2: "Traces are a setting (tracing).",
      "IAM5[Resource::*]": "Deliveries of logs have no names to grant.",
    });
    const name = Fn.select(6, Fn.split(":", this.stateMachine.stateMachineArn));
    const execution = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:`;
    acknowledgeResources(
      this.stateMachine.node.findChild("DistributedMapPolicy"),
      [`${execution}${name}:*`, `${execution}${name}/*:*`],
      "Executions of this state machine, whose names are made when they start.",
    );
    for (const each of [this.enqueue, this.finish, this.listSource])
      acknowledgeWildcards(this.stateMachine, [`${each.functionArn}:*`], "Versions of one function.");
  }

  #enqueueFunction(service: Service): ServiceFunction {
    const { storage, queues } = service;
    const enqueue = new ServiceFunction(this, "Enqueue", {
      service,
      entry: new URL("../functions/enqueue-archive/main.ts", import.meta.url),
      description: "Queues items of a batch",
      timeout: Duration.minutes(1),
    });
    allowRecords(enqueue, storage.table);
    allowReading(enqueue, storage.bucket, ["inbox/"]);
    // What a page of a listing leaves out.
    allowWriting(enqueue, storage.bucket, ["batches/"]);
    service.sources.readBy(enqueue);
    allowSending(enqueue, [queues.archive]);
    return enqueue;
  }

  #finishFunction(service: Service): ServiceFunction {
    const { storage, queues } = service;
    const finish = new ServiceFunction(this, "Finish", {
      service,
      entry: new URL("../functions/finish-listing/main.ts", import.meta.url),
      description: "Notes that a batch's list has been read, or why it has not",
      // It may have to write the summary of a batch of which nothing was left to do.
      timeout: Duration.minutes(15),
      memorySize: 512,
    });
    allowRecords(finish, storage.table);
    allowReading(finish, storage.bucket, ["batches/"]);
    allowWriting(finish, storage.bucket, ["batches/"]);
    allowSending(finish, queues.telling);
    return finish;
  }

  #listSourceFunction(service: Service): ServiceFunction {
    const { storage } = service;
    const listSource = new ServiceFunction(this, "ListSource", {
      service,
      entry: new URL("../functions/list-source/main.ts", import.meta.url),
      description: "Brings lists of other regions and accounts into the bucket",
      timeout: Duration.minutes(15),
      memorySize: 512,
    });
    allowReading(listSource, storage.bucket, ["inbox/"]);
    service.sources.readBy(listSource);
    allowWriting(listSource, storage.bucket, ["batches/"]);
    return listSource;
  }

  /** An execution that somebody stopped, or whose last step failed, must not leave its batch waiting for ever. */
  #finishStopped(): void {
    new Rule(this, "Stopped", {
      description: "Ends batches whose list is read no further",
      eventPattern: {
        source: ["aws.states"],
        detailType: ["Step Functions Execution Status Change"],
        detail: {
          stateMachineArn: [this.stateMachine.stateMachineArn],
          status: ["ABORTED", "FAILED", "TIMED_OUT"],
        },
      },
      targets: [
        new LambdaFunction(this.finish, {
          event: RuleTargetInput.fromObject({
            batch_id: EventField.fromPath("$.detail.name"),
            error: { Error: EventField.fromPath("$.detail.status"), Cause: "The execution was stopped." },
          }),
        }),
      ],
    });
  }
}
