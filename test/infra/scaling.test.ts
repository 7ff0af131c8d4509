import { describe, expect, test } from "vitest";
import { resolveNames } from "./names.ts";
import { synthesise } from "./synthesis.ts";

const template = synthesise({ maxWorkers: 3, audioHoursPerWorker: 10, idleMinutes: 7 });

describe("scaling", () => {
  test("is one policy of exact numbers, from zero to the most", () => {
    template.resourceCountIs("AWS::ApplicationAutoScaling::ScalingPolicy", 1);
    template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalableTarget", {
      MinCapacity: 0,
      MaxCapacity: 3,
    });
    template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalingPolicy", {
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: {
        AdjustmentType: "ExactCapacity",
        MetricAggregationType: "Maximum",
        // In seconds of audio, counted from the alarms' threshold of one.
        StepAdjustments: [
          { MetricIntervalUpperBound: 0, ScalingAdjustment: 0 },
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 36_000, ScalingAdjustment: 1 },
          { MetricIntervalLowerBound: 36_000, MetricIntervalUpperBound: 72_000, ScalingAdjustment: 2 },
          { MetricIntervalLowerBound: 72_000, ScalingAdjustment: 3 },
        ],
      },
    });
  });

  test("is called by two alarms with the same threshold: on the audio of both queues, and on there being no message", () => {
    const alarms = Object.entries(template.findResources("AWS::CloudWatch::Alarm")).filter(([id]) =>
      id.startsWith("WorkersScaling"),
    );
    const facts = alarms.map(([, { Properties }]) => Properties);
    const policy = {
      Ref: Object.keys(template.findResources("AWS::ApplicationAutoScaling::ScalingPolicy"))[0],
    };
    for (const { Threshold, AlarmActions, TreatMissingData } of facts)
      expect([Threshold, AlarmActions, TreatMissingData]).toEqual([1, [policy], "notBreaching"]);
    expect(
      facts.map(({ ComparisonOperator, EvaluationPeriods }) => [ComparisonOperator, EvaluationPeriods]),
    ).toEqual([
      ["GreaterThanOrEqualToThreshold", 1],
      ["LessThanThreshold", 7],
    ]);
    const [[work, ...figures], [sum, ...metrics]] = facts.map(({ Metrics }) => Metrics);
    const messages = "FILL(m0, 0) + FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0)";
    expect(sum.Expression).toBe(messages);
    const audio = "FILL(FILL(audio, REPEAT), 0)";
    expect(work.Expression).toBe(
      `IF((${messages}) > 0, IF(${audio} > 60 * (${messages}), ${audio}, 60 * (${messages})), 0)`,
    );
    expect(figures.slice(0, 4)).toEqual(metrics);
    expect(figures[4].MetricStat).toMatchObject({
      Period: 60,
      Stat: "Maximum",
      Metric: {
        Namespace: "Scriptorium",
        MetricName: "AudioSecondsWaiting",
        // As src/aws/powertools-metrics.ts writes them.
        Dimensions: [
          { Name: "service", Value: "sweep" },
          { Name: "stack", Value: "Scriptorium" },
        ],
      },
    });
    const stats = (
      metrics as {
        MetricStat: {
          Metric: { MetricName: string; Dimensions: { Value: unknown }[] };
          Period: number;
          Stat: string;
        };
      }[]
    ).map(({ MetricStat: { Metric, Period, Stat } }) => [
      resolveNames(Metric.Dimensions[0].Value),
      Metric.MetricName,
      Period,
      Stat,
    ]);
    expect(stats).toEqual([
      ["Transcribe", "ApproximateNumberOfMessagesVisible", 60, "Maximum"],
      ["Transcribe", "ApproximateNumberOfMessagesNotVisible", 60, "Maximum"],
      ["Archive", "ApproximateNumberOfMessagesVisible", 60, "Maximum"],
      ["Archive", "ApproximateNumberOfMessagesNotVisible", 60, "Maximum"],
    ]);
  });
});
