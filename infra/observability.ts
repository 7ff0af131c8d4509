import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ServiceDashboard } from "./dashboard.ts";
import type { Parts } from "./parts.ts";

const FIVE_MINUTES = Duration.minutes(5);

type Condition = Pick<AlarmProps, "metric" | "threshold" | "evaluationPeriods"> & Partial<AlarmProps>;

/** The alarms, each of which docs/operations.md explains by its name, the mail that they send, and the dashboard. */
export class Observability extends Construct {
  readonly topic: Topic;
  readonly alarms: Alarm[] = [];

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id);
    const { props } = parts.service;
    this.topic = new Topic(this, "Alarms", { displayName: `${props.name} alarms`, enforceSSL: true });
    if (props.alarmMail !== undefined) this.topic.addSubscription(new EmailSubscription(props.alarmMail));
    this.#watchWork(parts);
    this.#watchDeadLetters(parts);
    this.#watchFunctions(parts);
    this.#watchArchive(parts);
    this.#watchTable(parts);
    new ServiceDashboard(this, "Dashboard", parts, this.alarms);
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
      metric: new MathExpression({
        expression: "IF(FILL(w0, 0) + FILL(w1, 0) > 0 AND FILL(d0, 0) + FILL(d1, 0) == 0, 1, 0)",
        usingMetrics: { w0: waiting[0], w1: waiting[1], d0: done[0], d1: done[1] },
        label: "waiting, and none dealt with",
        period: FIVE_MINUTES,
      }),
      threshold: 1,
      evaluationPeriods: 8,
    });
    this.#alarm("TranscribeLate", "A recording of the interactive queue has waited for 30 minutes.", {
      metric: queues.transcribe.metricApproximateAgeOfOldestMessage({ ...options, statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(30).toSeconds(),
      evaluationPeriods: 1,
    });
  }

  #watchDeadLetters({ service: { queues } }: Parts): void {
    const dead = (queue: Queue) =>
      queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM });
    this.#alarm("WebhooksDead", "A webhook's message was received too often and lies in WebhooksDead.", {
      metric: dead(queues.dead.webhooks),
      threshold: 1,
      evaluationPeriods: 1,
    });
    this.#alarm("DeadLettersStuck", "Dead letters of workers are not being settled.", {
      metric: sumOf([dead(queues.dead.transcribe), dead(queues.dead.archive)], FIVE_MINUTES),
      threshold: 1,
      evaluationPeriods: 6,
    });
  }

  #watchFunctions({ frontDoor, webhooks, deadLetters, sweep, archive }: Parts): void {
    this.#alarm("ApiFaults", "The API has answered with 5xx in each of the last three times five minutes.", {
      metric: frontDoor.api.metricServerError({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      threshold: 5,
      evaluationPeriods: 3,
    });
    const functions = [frontDoor, webhooks, deadLetters, sweep].map((part) => part.function);
    const all = [...functions, archive.enqueue, archive.finish];
    this.#alarm("FunctionErrors", "Functions fail again and again.", {
      metric: sumOf(
        all.map((each) => each.metricErrors({ period: FIVE_MINUTES })),
        FIVE_MINUTES,
      ),
      threshold: 3,
      evaluationPeriods: 3,
    });
    this.#alarm(
      "FunctionsThrottled",
      "Functions are kept from starting: the account's concurrency is used up.",
      {
        metric: sumOf(
          // The sweep is: a minute's sweep is left out where the one before goes on.
          all
            .filter((each) => each !== sweep.function)
            .map((each) => each.metricThrottles({ period: FIVE_MINUTES })),
          FIVE_MINUTES,
        ),
        threshold: 10,
        evaluationPeriods: 3,
      },
    );
    this.#alarm("SweepMissing", "Nothing has been swept for 15 minutes.", {
      metric: sweep.function.metricInvocations({ period: FIVE_MINUTES }),
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
  }

  #watchTable({ service: { storage } }: Parts): void {
    this.#alarm("TableThrottled", "The table refuses requests: one part of it is asked too much.", {
      metric: sumOf(
        ["ReadThrottleEvents", "WriteThrottleEvents"].map((name) =>
          storage.table.metric(name, { period: FIVE_MINUTES, statistic: Stats.SUM }),
        ),
        FIVE_MINUTES,
      ),
      threshold: 100,
      evaluationPeriods: 3,
    });
  }

  #alarm(id: string, alarmDescription: string, condition: Condition): void {
    const alarm = new Alarm(this, id, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${alarmDescription} What to do: docs/operations.md, ${id}.`,
      ...condition,
    });
    const mail = new SnsAction(this.topic);
    alarm.addAlarmAction(mail);
    alarm.addOkAction(mail);
    this.alarms.push(alarm);
  }
}

function sumOf(metrics: readonly IMetric[], period: Duration): IMetric {
  const named = metrics.map((metric, at) => [`m${at}`, metric] as const);
  return new MathExpression({
    expression: named.map(([name]) => `FILL(${name}, 0)`).join(" + "),
    usingMetrics: Object.fromEntries(named),
    period,
  });
}
