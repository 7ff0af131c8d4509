import { Duration, Stack } from "aws-cdk-lib";
import {
  AdjustmentType,
  MetricAggregationType,
  ScalableTarget,
  ServiceNamespace,
  StepScalingAction,
} from "aws-cdk-lib/aws-applicationautoscaling";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { ApplicationScalingAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { BaseService, Cluster } from "aws-cdk-lib/aws-ecs";
import { type IRole, Role } from "aws-cdk-lib/aws-iam";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { ScriptoriumProps } from "./props.ts";
import type { Queues } from "./queues.ts";
import { scalingSteps } from "./scaling-steps.ts";

const PERIOD = Duration.minutes(1);
/** Both alarms look for the same border: steps are counted from the threshold of the alarm that calls. */
const THRESHOLD = 1;

export interface WorkerScalingProps {
  props: ScriptoriumProps;
  queues: Queues;
  cluster: Cluster;
  service: BaseService;
}

/**
 * One policy decides how many workers there are, from the messages of both queues, waiting and in work; two would undo
 * each other's decisions. An alarm calls it every minute while there are messages, another once there have been
 * none for `idleMinutes`. A worker at work protects itself: fewer workers means fewer idle ones.
 */
export class WorkerScaling extends Construct {
  readonly messages: IMetric;

  constructor(scope: Construct, id: string, { props, queues, cluster, service }: WorkerScalingProps) {
    super(scope, id);
    const target = new ScalableTarget(this, "Target", {
      serviceNamespace: ServiceNamespace.ECS,
      resourceId: `service/${cluster.clusterName}/${service.serviceName}`,
      scalableDimension: "ecs:service:DesiredCount",
      minCapacity: 0,
      maxCapacity: props.maxWorkers,
      role: serviceLinkedRole(this),
    });
    const policy = new StepScalingAction(this, "Policy", {
      scalingTarget: target,
      adjustmentType: AdjustmentType.EXACT_CAPACITY,
      metricAggregationType: MetricAggregationType.MAXIMUM,
      // Holds up going down only: a worker that has just come gets time to find its work.
      cooldown: Duration.minutes(3),
    });
    policy.addAdjustment({ adjustment: 0, upperBound: 0 });
    const steps = scalingSteps(props.maxWorkers, props.messagesPerWorker);
    for (const [at, { messages, workers }] of steps.entries()) {
      const next = steps[at + 1];
      policy.addAdjustment({
        adjustment: workers,
        lowerBound: messages - THRESHOLD,
        ...(next && { upperBound: next.messages - THRESHOLD }),
      });
    }
    this.messages = messagesOf([queues.transcribe, queues.archive]);
    const alarm = {
      metric: this.messages,
      threshold: THRESHOLD,
      // Without figures nothing is decided.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    };
    const busy = new Alarm(this, "Busy", {
      ...alarm,
      alarmDescription: "Not a fault: there is work, and this alarm has workers started for it.",
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
    });
    const idle = new Alarm(this, "Idle", {
      ...alarm,
      alarmDescription: "Not a fault: there is no work, and this alarm has the last workers stopped.",
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: props.idleMinutes,
    });
    for (const each of [busy, idle]) each.addAlarmAction(new ApplicationScalingAction(policy));
  }
}

/** Application Auto Scaling makes it itself, and uses no other for ECS. */
function serviceLinkedRole(scope: Construct): IRole {
  const arn = Stack.of(scope).formatArn({
    service: "iam",
    region: "",
    resource: "role/aws-service-role/ecs.application-autoscaling.amazonaws.com",
    resourceName: "AWSServiceRoleForApplicationAutoScaling_ECSService",
  });
  return Role.fromRoleArn(scope, "Role", arn, { mutable: false });
}

function messagesOf(queues: readonly Queue[]): IMetric {
  const options = { period: PERIOD, statistic: Stats.MAXIMUM };
  const metrics = queues.flatMap((queue) => [
    queue.metricApproximateNumberOfMessagesVisible(options),
    queue.metricApproximateNumberOfMessagesNotVisible(options),
  ]);
  const named = metrics.map((metric, at) => [`m${at}`, metric] as const);
  return new MathExpression({
    // A queue that nobody has touched for hours reports nothing.
    expression: named.map(([name]) => `FILL(${name}, 0)`).join(" + "),
    usingMetrics: Object.fromEntries(named),
    label: "messages, waiting and in work",
    period: PERIOD,
  });
}
