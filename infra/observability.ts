import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { METRICS_NAMESPACE } from "../src/aws/powertools-metrics.ts";
import { ServiceDashboard } from "./dashboard.ts";
import type { Parts } from "./parts.ts";

const FIVE_MINUTES = Duration.minutes(5);

type Condition = Pick<AlarmProps, "metric" | "threshold" | "evaluationPeriods"> & Partial<AlarmProps>;

/**
 * The alarms, each of which docs/operations.md explains by its name, the mail that they send, and the dashboard. Every
 * metric that an alarm looks at is paid for all day long: none looks at what another one would see as well.
 */
export class Observability extends Construct {
  readonly alarms: Alarm[] = [];

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id);
    const { props } = parts.service;
    this.#watchStart(parts);
    if (props.alarms) {
      const topic = new Topic(this, "Alarms", { displayName: `${props.name} alarms`, enforceSSL: true });
      if (props.alarmMail !== undefined) topic.addSubscription(new EmailSubscription(props.alarmMail));
      this.#watchWork(parts);
      this.#watchWebhooks(parts);
      this.#watchFunctions(parts);
      this.#watchArchive(parts);
      this.#watchCanary(parts);
      const mail = new SnsAction(topic);
      for (const alarm of this.alarms) {
        alarm.addAlarmAction(mail);
        alarm.addOkAction(mail);
      }
    }
    if (props.dashboard) new ServiceDashboard(this, "Dashboard", parts, this.alarms);
  }

  /**
   * There in any case: a deployment is over before its first worker is asked for, so that ECS's circuit breaker never
   * sees a version that cannot start.
   */
  #watchStart({ service: { props, queues } }: Parts): void {
    const options = { period: Duration.minutes(1), statistic: Stats.MAXIMUM };
    this.#alarm(
      "NoWorkerReady",
      "Recordings have waited for 30 minutes, and no worker was ready in that time.",
      {
        metric: new MathExpression({
          expression: "IF(FILL(w0, 0) + FILL(w1, 0) > 0 AND FILL(alive, 0) == 0, 1, 0)",
          usingMetrics: {
            w0: queues.transcribe.metricApproximateNumberOfMessagesVisible(options),
            w1: queues.archive.metricApproximateNumberOfMessagesVisible(options),
            alive: new Metric({
              namespace: METRICS_NAMESPACE,
              metricName: "WorkersAlive",
              dimensionsMap: { service: "worker", stack: props.name },
              ...options,
            }),
          },
          label: "waiting, and no worker is ready",
          period: options.period,
        }),
        threshold: 1,
        evaluationPeriods: 30,
      },
    );
  }

  #watchWork({ service: { queues } }: Parts): void {
    const queued = [queues.transcribe, queues.archive];
    const options = { period: FIVE_MINUTES };
    const waiting = queued.map((queue) =>
      queue.metricApproximateNumberOfMessagesVisible({ ...options, statistic: Stats.MINIMUM }),
    );
    const done = queued.map((queue) =>
      queue.metricNumberOfMessagesDeleted({ ...options, statistic: Stats.SUM }),
    );
    this.#alarm("WorkStuck", "Messages wait, and for 40 minutes none has been dealt with.", {
      metric: combined(
        "waiting, and none dealt with",
        "IF(FILL(w0, 0) + FILL(w1, 0) > 0 AND FILL(d0, 0) + FILL(d1, 0) == 0, 1, 0)",
        { w0: waiting[0], w1: waiting[1], d0: done[0], d1: done[1] },
      ),
      threshold: 1,
      evaluationPeriods: 8,
    });
    this.#alarm("TranscribeLate", "A recording of the interactive queue has waited for 30 minutes.", {
      metric: oldestIn(queues.transcribe),
      threshold: Duration.minutes(30).toSeconds(),
      evaluationPeriods: 1,
    });
  }

  #watchWebhooks({ service: { queues } }: Parts): void {
    this.#alarm("WebhooksDead", "A webhook's message was received too often and lies in WebhooksDead.", {
      metric: visibleIn(queues.dead.webhooks),
      threshold: 1,
      evaluationPeriods: 1,
    });
    // No message is delayed for more than a quarter of that.
    this.#alarm("WebhooksLate", "A webhook's message has waited for an hour.", {
      metric: oldestIn(queues.webhooks),
      threshold: Duration.hours(1).toSeconds(),
      evaluationPeriods: 1,
    });
  }

  #watchFunctions({ service: { queues }, frontDoor, sweep }: Parts): void {
    this.#alarm("ApiFaults", "The API has answered with 5xx in each of the last three times five minutes.", {
      metric: frontDoor.api.metricServerError({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      threshold: 5,
      evaluationPeriods: 3,
    });
    this.#alarm("DeadLettersStuck", "Dead letters of workers are not being settled.", {
      metric: visibleIn(queues.dead.work),
      threshold: 1,
      evaluationPeriods: 6,
    });
    this.#alarm("SweepMissing", "Nothing has been swept without an error for 15 minutes.", {
      metric: combined("sweeps that came to their end", "runs - FILL(errors, 0)", {
        runs: sweep.function.metricInvocations({ period: FIVE_MINUTES }),
        errors: sweep.function.metricErrors({ period: FIVE_MINUTES }),
      }),
      threshold: 1,
      evaluationPeriods: 3,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  #watchArchive({ archive }: Parts): void {
    this.#alarm(
      "ListingFailed",
      "An execution of the state machine failed: its batch was ended from outside.",
      {
        metric: archive.stateMachine.metricFailed({ period: FIVE_MINUTES }),
        threshold: 1,
        evaluationPeriods: 1,
      },
    );
    // Its batches end as failed, with an execution that succeeded.
    this.#alarm("ListingFailing", "enqueue-archive fails, or is kept from starting, again and again.", {
      metric: combined("errors and throttles", "FILL(errors, 0) + FILL(throttles, 0)", {
        errors: archive.enqueue.metricErrors({ period: FIVE_MINUTES }),
        throttles: archive.enqueue.metricThrottles({ period: FIVE_MINUTES }),
      }),
      threshold: 2,
      evaluationPeriods: 2,
    });
  }

  #watchCanary({ service: { props }, canary }: Parts): void {
    if (!canary) return;
    this.#alarm("CanaryFailing", "The recording that the service sends itself did not come through.", {
      metric: new Metric({
        namespace: METRICS_NAMESPACE,
        metricName: "CanaryFaults",
        dimensionsMap: { service: "canary", stack: props.name },
        period: Duration.hours(props.canaryHours),
        statistic: Stats.SUM,
      }),
      threshold: 1,
      evaluationPeriods: 1,
      // Runs and periods do not begin together: one may be without a run.
      treatMissingData: TreatMissingData.IGNORE,
    });
  }

  #alarm(id: string, alarmDescription: string, condition: Condition): void {
    this.alarms.push(
      new Alarm(this, id, {
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmDescription: `${alarmDescription} What to do: docs/operations.md, ${id}.`,
        ...condition,
      }),
    );
  }
}

function combined(label: string, expression: string, usingMetrics: Record<string, IMetric>): IMetric {
  return new MathExpression({ label, expression, usingMetrics, period: FIVE_MINUTES });
}

function oldestIn(queue: Queue): IMetric {
  return queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM });
}

function visibleIn(queue: Queue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM });
}
