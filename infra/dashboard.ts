import { Duration } from "aws-cdk-lib";
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { METRICS_NAMESPACE } from "../src/aws/powertools-metrics.ts";
import type { Parts } from "./parts.ts";

const WIDTH = 12;
const HEIGHT = 6;
const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/** One page: is there work, who does it, who waits, what fails. */
export class ServiceDashboard extends Construct {
  constructor(scope: Construct, id: string, parts: Parts, alarms: readonly Alarm[]) {
    super(scope, id);
    const dashboard = new Dashboard(this, "Resource", { defaultInterval: Duration.hours(12) });
    if (alarms.length > 0)
      dashboard.addWidgets(
        new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 2 * WIDTH, height: 3 }),
      );
    dashboard.addWidgets(
      graph("Messages, waiting and in work", messages(parts)),
      graph("Workers", workers(parts)),
    );
    dashboard.addWidgets(
      graph("Audio, waiting and in work, about", [waiting(parts)], "s"),
      graph("GPUs, of those at work", gpus(parts), "%"),
    );
    dashboard.addWidgets(
      graph("Audio transcribed", [worked(parts, "AudioSeconds", Stats.SUM)], "s in 5 min"),
      graph(
        "Waited in the queue",
        ["p50", "p95"].map((statistic) => worked(parts, "QueuedSeconds", statistic)),
        "s",
      ),
    );
    dashboard.addWidgets(
      graph("Oldest message", ages(parts), "s"),
      graph("Dead letters; requests that the table refused", [...deadLetters(parts), ...refused(parts)]),
    );
    dashboard.addWidgets(graph("Requests", requests(parts)), graph("Answers", answers(parts), "ms"));
    dashboard.addWidgets(graph("Functions: errors", errors(parts)), graph("Functions: runs", runs(parts)));
  }
}

function graph(title: string, left: IMetric[], label?: string): GraphWidget {
  const leftYAxis = { min: 0, ...(label !== undefined && { label, showUnits: false }) };
  return new GraphWidget({ title, left, leftYAxis, width: WIDTH, height: HEIGHT });
}

function messages({ service: { queues } }: Parts): IMetric[] {
  const options = { period: MINUTE, statistic: Stats.MAXIMUM };
  return (["transcribe", "archive", "webhooks"] as const).flatMap((name) => [
    queues[name].metricApproximateNumberOfMessagesVisible({ ...options, label: `${name}: waiting` }),
    queues[name].metricApproximateNumberOfMessagesNotVisible({ ...options, label: `${name}: in work` }),
  ]);
}

function workers({ workers: { cluster, service } }: Parts): IMetric[] {
  const dimensionsMap = { ClusterName: cluster.clusterName, ServiceName: service.serviceName };
  const options = { namespace: "AWS/ECS", dimensionsMap, period: MINUTE };
  return [
    // Each task reports once a minute.
    new Metric({ ...options, metricName: "CPUUtilization", statistic: Stats.SAMPLE_COUNT, label: "running" }),
    new Metric({
      ...options,
      metricName: "CPUUtilization",
      statistic: Stats.AVERAGE,
      label: "CPU, % of reserved",
    }),
    new Metric({ ...options, metricName: "MemoryUtilization", statistic: Stats.MAXIMUM, label: "memory, %" }),
  ];
}

/** What workers tell of each recording, in their log. */
function worked({ service: { props } }: Parts, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: "worker", stack: props.name },
    statistic,
    period: FIVE_MINUTES,
    label: statistic,
  });
}

/** The sweep's guess, by which workers are started. */
function waiting({ service: { props } }: Parts): IMetric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: "AudioSecondsWaiting",
    dimensionsMap: { service: "sweep", stack: props.name },
    statistic: Stats.MAXIMUM,
    period: MINUTE,
    label: "audio",
  });
}

function gpus(parts: Parts): IMetric[] {
  return [
    worked(parts, "GpuUtilization", Stats.AVERAGE).with({ label: "in use" }),
    worked(parts, "GpuMemory", Stats.MAXIMUM).with({ label: "memory, the fullest" }),
  ];
}

function ages({ service: { queues } }: Parts): IMetric[] {
  return (["transcribe", "archive", "webhooks"] as const).map((label) =>
    queues[label].metricApproximateAgeOfOldestMessage({ period: MINUTE, statistic: Stats.MAXIMUM, label }),
  );
}

function deadLetters({ service: { queues } }: Parts): IMetric[] {
  return (["work", "webhooks"] as const).map((label) =>
    queues.dead[label].metricApproximateNumberOfMessagesVisible({
      period: FIVE_MINUTES,
      statistic: Stats.MAXIMUM,
      label,
    }),
  );
}

function refused({ service: { storage } }: Parts): IMetric[] {
  return ["ReadThrottleEvents", "WriteThrottleEvents"].map((name) =>
    storage.table.metric(name, { period: FIVE_MINUTES, statistic: Stats.SUM, label: name }),
  );
}

function requests({ frontDoor: { api } }: Parts): IMetric[] {
  const options = { period: FIVE_MINUTES, statistic: Stats.SUM };
  return [
    api.metricCount({ ...options, label: "all" }),
    api.metricClientError({ ...options, label: "4xx" }),
    api.metricServerError({ ...options, label: "5xx" }),
  ];
}

function answers({ frontDoor: { api } }: Parts): IMetric[] {
  return ["p50", "p95", "p99"].map((statistic) =>
    api.metricLatency({ period: FIVE_MINUTES, statistic, label: statistic }),
  );
}

function errors(parts: Parts): IMetric[] {
  return functions(parts).map(([label, each]) => each.metricErrors({ period: FIVE_MINUTES, label }));
}

function runs(parts: Parts): IMetric[] {
  return functions(parts).map(([label, each]) => each.metricInvocations({ period: FIVE_MINUTES, label }));
}

function functions({ frontDoor, arrivals, webhooks, deadLetters, sweep, archive, canary }: Parts) {
  return [
    ["api", frontDoor.function],
    ["accept-arrivals", arrivals.function],
    ["deliver-webhook", webhooks.function],
    ["fail-dead-letters", deadLetters.function],
    ["sweep", sweep.function],
    ["enqueue-archive", archive.enqueue],
    ["finish-listing", archive.finish],
    ["list-source", archive.listSource],
    ...(canary ? ([["canary", canary.function]] as const) : []),
  ] as const;
}
