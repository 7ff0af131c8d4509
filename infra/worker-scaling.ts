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
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { ApplicationScalingAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { BaseService, Cluster } from "aws-cdk-lib/aws-ecs";
import { type IRole, Role } from "aws-cdk-lib/aws-iam";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { METRICS_NAMESPACE } from "../src/aws/powertools-metrics.ts";
import type { Queues } from "./queues.ts";
import { LEAST_SECONDS, scalingSteps } from "./scaling-steps.ts";
import type { Settings } from "./settings.ts";

const PERIOD = Duration.minutes(1);
/** Both alarms look for the same border: steps are counted from the threshold of the alarm that calls. */
const THRESHOLD = 1;

export interface WorkerScalingProps {
  props: Settings;
  queues: Queues;
  cluster: Cluster;
  service: BaseService;
}

/**
 * One policy decides how many workers there are, from the audio of both queues, waiting and in work; two would undo
 * each other's decisions. An alarm calls it every minute while there are messages, another once there have been
 * none for `idleMinutes`. A worker at work protects itself: fewer workers means fewer idle ones.
 */
export class WorkerScaling extends Construct {
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
    const steps = scalingSteps(props.maxWorkers, 3600 * props.audioHoursPerWorker);
    for (const [at, { work, workers }] of steps.entries()) {
      const next = steps[at + 1];
      policy.addAdjustment({
        adjustment: workers,
        lowerBound: work - THRESHOLD,
        ...(next && { upperBound: next.work - THRESHOLD }),
      });
    }
    const messages = messagesIn([queues.transcribe, queues.archive]);
    const alarm = {
      threshold: THRESHOLD,
      // Without figures nothing is decided.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    };
    const busy = new Alarm(this, "Busy", {
      ...alarm,
      metric: workIn(messages, props.name),
      alarmDescription: "Not a fault: there is work, and this alarm has workers started for it.",
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
    });
    const idle = new Alarm(this, "Idle", {
      ...alarm,
      metric: sumOf(messages),
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

/** By the names that expressions have for them. */
type Figures = Record<string, IMetric>;

function messagesIn(queues: readonly Queue[]): Figures {
  const options = { period: PERIOD, statistic: Stats.MAXIMUM };
  const metrics = queues.flatMap((queue) => [
    queue.metricApproximateNumberOfMessagesVisible(options),
    queue.metricApproximateNumberOfMessagesNotVisible(options),
  ]);
  return Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric]));
}

/** A queue that nobody has touched for hours reports nothing. */
function sum(messages: Figures): string {
  return Object.keys(messages)
    .map((name) => `FILL(${name}, 0)`)
    .join(" + ");
}

function sumOf(messages: Figures): IMetric {
  const label = "messages, waiting and in work";
  return new MathExpression({ expression: sum(messages), usingMetrics: messages, label, period: PERIOD });
}

/** As `workOf` says: by the sweep's figure of audio, which may come a minute late or, where the sweep fails, not at all. */
function workIn(messages: Figures, stack: string): IMetric {
  const count = `(${sum(messages)})`;
  const least = `${LEAST_SECONDS} * ${count}`;
  const audio = "FILL(FILL(audio, REPEAT), 0)";
  return new MathExpression({
    expression: `IF(${count} > 0, IF(${audio} > ${least}, ${audio}, ${least}), 0)`,
    usingMetrics: {
      ...messages,
      audio: new Metric({
        namespace: METRICS_NAMESPACE,
        metricName: "AudioSecondsWaiting",
        dimensionsMap: { service: "sweep", stack },
        period: PERIOD,
        statistic: Stats.MAXIMUM,
      }),
    },
    label: "seconds of audio, waiting and in work",
    period: PERIOD,
  });
}
