import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { idleCost, idleUses, type Template } from "../../bench/scaling/idle.ts";
import type { Use } from "../../bench/scaling/idle-prices.ts";
import { idleTable } from "../../bench/scaling/idle-table.ts";
import { synthesise } from "./synthesis.ts";

const template = (settings: Record<string, unknown> = {}) => synthesise(settings).toJSON() as Template;
const asItComes = template();
const withAlarms = template({ alarmMail: "ops@example.com" });

/** The same with one resource more, or with another in its place. */
const changed = (id: string, Type: string, Properties: Record<string, unknown>): Template => ({
  Resources: { ...asItComes.Resources, [id]: { Type, Properties } },
});
const idOf = (type: string) => Object.entries(asItComes.Resources).find(([, each]) => each.Type === type)![0];
const sum = (uses: readonly { use: Use }[], name: keyof Use) =>
  uses.reduce((total, { use }) => total + (use[name] ?? 0), 0);

describe("while nothing happens, beside storage", () => {
  test("two queues are polled, the sweep runs, and fourteen metrics are looked at", () => {
    const uses = idleUses(asItComes);
    // Five polls of 20 s at once: 900 an hour, 657,000 a month. 43,800 sweeps ask two queues each.
    expect(sum(uses, "queueRequest")).toBe(2 * 657_000 + 2 * 43_800);
    expect(sum(uses, "functionRun")).toBe(43_800);
    // Alarms on five metrics, on four, on three, and the two of ECS.
    expect(sum(uses, "alarmMetric")).toBe(14);
    expect(sum(uses, "dashboard")).toBe(0);
    expect(uses.map(({ type }) => type).sort()).toEqual([
      "AWS::CloudWatch::Alarm",
      "AWS::CloudWatch::Alarm",
      "AWS::CloudWatch::Alarm",
      "AWS::ECS::CapacityProvider",
      "AWS::Events::Rule",
      "AWS::Lambda::EventSourceMapping",
      "AWS::Lambda::EventSourceMapping",
    ]);
  });

  test("that costs about two dollars a month by list price, and 65 cents beyond what is free for ever", () => {
    const { list, billed } = idleCost(idleUses(asItComes));
    expect(list).toBeLessThan(2.1);
    expect(billed).toBeLessThan(0.65);
  });

  test("Managed Instances cost no more", () => {
    const managed = idleUses(template({ capacity: "managed-instances" }));
    expect(sum(managed, "alarmMetric")).toBe(12);
    expect(idleCost(managed).list).toBeLessThan(idleCost(idleUses(asItComes)).list);
  });

  test("of every other option only traces of the sweep change the bill", () => {
    const all = template({
      sourceBuckets: { tapes: "*" },
      besideBuckets: "tapes",
      corsOrigins: "*",
      recoverDays: 7,
      keepRecordingsDays: 30,
      domainName: "speech.example.com",
      certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0",
      destroyData: true,
      maxWorkers: 500,
    });
    expect(idleCost(idleUses(all))).toEqual(idleCost(idleUses(asItComes)));
    expect(sum(idleUses(template({ tracing: true })), "trace")).toBe(43_800);
  });

  test("docs/operations.md has the figures", async () => {
    const docs = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const table = /^\| in a month without work .*\n(?:\|.*\n)*/m.exec(docs)?.[0];
    expect(table).toBe(`${idleTable(asItComes, withAlarms)}\n`);
  });
});

describe("the inventory refuses", () => {
  test.each([
    ["AWS::EC2::NatGateway", {}],
    ["AWS::KMS::Key", {}],
    ["AWS::SecretsManager::Secret", {}],
  ])("%s, which it does not know", (type, properties) => {
    expect(() => idleUses(changed("Another", type, properties))).toThrow(
      `Does ${type} (Another) bill while it is idle?`,
    );
  });

  test.each([
    ["an endpoint that bills by the hour", "AWS::EC2::VPCEndpoint", { VpcEndpointType: "Interface" }],
    ["an instance that is always there", "AWS::AutoScaling::AutoScalingGroup", { MinSize: "1" }],
    ["a task that is always there", "AWS::ECS::Service", { DesiredCount: 1 }],
    ["provisioned pollers", "AWS::Lambda::EventSourceMapping", { ProvisionedPollerConfig: {} }],
    ["provisioned capacity", "AWS::DynamoDB::GlobalTable", { BillingMode: "PROVISIONED" }],
    ["Container Insights", "AWS::ECS::Cluster", { ClusterSettings: [{}] }],
    ["a metric of ten seconds", "AWS::CloudWatch::Alarm", { Metrics: [{ MetricStat: { Period: 10 } }] }],
    ["a key of its own", "AWS::SQS::Queue", { KmsMasterKeyId: "k", ReceiveMessageWaitTimeSeconds: 20 }],
    ["another schedule", "AWS::Events::Rule", { ScheduleExpression: "rate(1 second)", Targets: [] }],
  ])("%s", (_name, type, properties) => {
    const spoilt = { ...asItComes.Resources[idOf(type)].Properties, ...properties };
    expect(() => idleUses(changed(idOf(type), type, spoilt))).toThrow();
  });
});
