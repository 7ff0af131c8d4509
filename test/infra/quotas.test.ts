import { describe, expect, test } from "vitest";
import { readWorkerSettings } from "../../containers/worker/settings.ts";
import { QUOTAS } from "../../src/aws/quotas.ts";
import { DEFAULT_LIMITS } from "../../src/jobs/limits.ts";
import { resolveNames } from "./names.ts";
import { synthesise } from "./synthesis.ts";

/** With what takes the most room in the environment of functions. */
const owners = Array.from({ length: 100 }, (_, index) => `owner-number-${index}`);
const template = synthesise({
  name: "N".repeat(40),
  sourceBuckets: { ["b".repeat(63)]: owners },
  limits: Object.fromEntries(Object.entries(DEFAULT_LIMITS).map(([name, value]) => [name, value])),
});
const all = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
/** What CloudFormation fills in for a reference has no more: an ARN or a URL with a name of 64 characters. */
const REFERENCE = 160;

describe("functions", () => {
  test("have room for their environment", () => {
    for (const { Environment, Description } of all("AWS::Lambda::Function")) {
      const entries = Object.entries((Environment?.Variables ?? {}) as Record<string, unknown>);
      const bytes = entries.reduce(
        (sum, [name, value]) => sum + name.length + (typeof value === "string" ? value.length : REFERENCE),
        0,
      );
      expect(bytes, Description).toBeLessThan(QUOTAS.lambda.environmentBytes);
    }
  });

  test("end before Lambda, and before API Gateway where that waits for them", () => {
    for (const { Timeout } of all("AWS::Lambda::Function"))
      expect(Timeout).toBeLessThanOrEqual(QUOTAS.lambda.timeoutSeconds);
    const [api] = all("AWS::Lambda::Function").filter(({ Description }) => /HTTP API/.test(Description));
    expect(api.Timeout).toBeLessThan(QUOTAS.apiGateway.integrationSeconds);
  });
});

test("pages of a list are handed over within what Step Functions takes, whatever the keys", () => {
  const [{ DefinitionString }] = all("AWS::StepFunctions::StateMachine");
  const found = [...JSON.stringify(DefinitionString).matchAll(/MaxInputBytesPerBatch\W+(\d+)/g)];
  expect(found).toHaveLength(5);
  // The rest is the batch's id and the braces around.
  for (const [, bytes] of found) expect(Number(bytes) + 1000).toBeLessThan(QUOTAS.stepFunctions.payloadBytes);
});

describe("messages of workers", () => {
  const settings = readWorkerSettings({
    SCRIPTORIUM_BUCKET: "b",
    SCRIPTORIUM_TABLE: "t",
    SCRIPTORIUM_TRANSCRIBE_QUEUE_URL: "q",
    SCRIPTORIUM_ARCHIVE_QUEUE_URL: "q",
    SCRIPTORIUM_WEBHOOKS_QUEUE_URL: "q",
  });

  test("are invisible for as long as workers think, and three heartbeats fit in", () => {
    const timeouts = Object.entries(template.findResources("AWS::SQS::Queue"))
      .filter(([id]) => /^Queues(Transcribe|Archive)/.test(id))
      .map(([, { Properties }]) => Properties.VisibilityTimeout);
    expect(timeouts).toEqual([settings.visibilitySeconds, settings.visibilitySeconds]);
    expect(settings.visibilitySeconds).toBeLessThan(QUOTAS.sqs.visibilitySeconds);
  });

  test("are given back before ECS kills", () => {
    const [{ ContainerDefinitions }] = all("AWS::ECS::TaskDefinition");
    expect(ContainerDefinitions[0].StopTimeout).toBe(QUOTAS.ecs.stopSeconds);
    // Ten seconds to give back what is not finished.
    expect(settings.drainSeconds + 10).toBeLessThan(QUOTAS.ecs.stopSeconds);
    expect(settings.protectedMinutes).toBeLessThan(QUOTAS.ecs.protectionMinutes);
  });

  test("are what workers are started for: those of both queues, and no others", () => {
    const alarms = Object.entries(template.findResources("AWS::CloudWatch::Alarm"));
    const scaling = alarms.filter(([id]) => id.startsWith("WorkersScaling"));
    expect(scaling).toHaveLength(2);
    for (const [, { Properties }] of scaling) {
      const queues = (
        Properties.Metrics as {
          MetricStat?: { Metric: { Dimensions: { Name: string; Value: unknown }[] } };
        }[]
      )
        .flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? [])
        .filter(({ Name }) => Name === "QueueName")
        .map(({ Value }) => resolveNames(Value));
      expect(queues.sort()).toEqual(["Archive", "Archive", "Transcribe", "Transcribe"]);
    }
  });
});
