import { readFileSync } from "node:fs";
import { Match, type Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { PAGE_RULE } from "../support/bucket-cors.ts";
import { resolveNames } from "./names.ts";
import { synthesise } from "./synthesis.ts";

const template = synthesise({ alarmMail: "ops@example.com", canaryHours: 6 });
const operations = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");

function only(type: string, from: Template = template): Record<string, never> {
  const found = Object.values(from.findResources(type));
  expect(found).toHaveLength(1);
  return found[0].Properties;
}

const types = (from: Template) =>
  [...new Set(Object.values(from.toJSON().Resources).map((each) => (each as { Type: string }).Type))].sort();

describe("data", () => {
  test("is encrypted, private, and reached by TLS alone", () => {
    template.hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      VersioningConfiguration: Match.absent(),
      // The service's own page alone.
      CorsConfiguration: {
        CorsRules: [
          {
            ...PAGE_RULE,
            AllowedOrigins: [{ "Fn::GetAtt": [Match.stringLikeRegexp("FrontDoorApi"), "ApiEndpoint"] }],
          },
        ],
      },
    });
    for (const [type, count] of [
      ["AWS::S3::BucketPolicy", 1],
      ["AWS::SQS::QueuePolicy", 5],
      ["AWS::SNS::TopicPolicy", 2],
    ] as const) {
      const refusal = Match.objectLike({
        Effect: "Deny",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
      template.resourcePropertiesCountIs(
        type,
        { PolicyDocument: { Statement: Match.arrayWith([refusal]) } },
        count,
      );
    }
    template.resourcePropertiesCountIs("AWS::SQS::Queue", { SqsManagedSseEnabled: true }, 5);
  });

  test("outlives the stack, unless it is a trial", () => {
    const kept = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };
    template.hasResource("AWS::S3::Bucket", kept);
    template.hasResource("AWS::DynamoDB::GlobalTable", kept);
    const trial = synthesise({ destroyData: "true" });
    trial.hasResource("AWS::S3::Bucket", { DeletionPolicy: "Delete" });
    trial.hasResource("AWS::DynamoDB::GlobalTable", {
      DeletionPolicy: "Delete",
      Properties: { Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })] },
    });
  });

  test("has a table with three indexes, on demand, that can be restored", () => {
    const table = only("AWS::DynamoDB::GlobalTable") as Record<string, { IndexName: string }[]>;
    expect(table.GlobalSecondaryIndexes.map(({ IndexName }) => IndexName)).toEqual(["gsi1", "gsi2", "gsi3"]);
    expect(table.GlobalSecondaryIndexes).toMatchObject(
      Array(3).fill({ Projection: { ProjectionType: "KEYS_ONLY" } }),
    );
    expect(table).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
      Replicas: [
        {
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
        },
      ],
    });
  });

  test("can be given an age, a second life, and browsers", () => {
    const bucket = only(
      "AWS::S3::Bucket",
      synthesise({ keepRecordingsDays: 30, recoverDays: 7, corsOrigins: "https://app.example.com" }),
    );
    expect(bucket).toMatchObject({
      VersioningConfiguration: { Status: "Enabled" },
      CorsConfiguration: {
        CorsRules: [
          { ...PAGE_RULE, AllowedOrigins: ["https://app.example.com"] },
          {
            ...PAGE_RULE,
            AllowedOrigins: [{ "Fn::GetAtt": [expect.stringContaining("FrontDoorApi"), "ApiEndpoint"] }],
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          { NoncurrentVersionExpiration: { NoncurrentDays: 7 }, ExpiredObjectDeleteMarker: true },
          { Prefix: "uploads/", ExpirationInDays: 30 },
          { Prefix: "inbox/", ExpirationInDays: 30 },
        ],
      },
    });
  });

  test("half uploaded is cleared away", () => {
    template.hasResourceProperties("AWS::S3::Bucket", {
      LifecycleConfiguration: {
        Rules: [Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } })],
      },
    });
  });
});

test("there is no custom resource but in trials", () => {
  expect(types(synthesise({ destroyData: true })).filter((type) => type.startsWith("Custom::"))).toEqual([
    "Custom::S3AutoDeleteObjects",
  ]);
});

describe("alarms", () => {
  const alarms = Object.entries(template.findResources("AWS::CloudWatch::Alarm"));
  const faults = alarms.filter(([id]) => id.startsWith("Observability"));

  test("say what is wrong and where to read on, by mail", () => {
    expect(faults).toHaveLength(11);
    for (const [id, { Properties }] of faults) {
      const name = /^Observability(\w+?)[0-9A-F]{8}$/.exec(id)?.[1];
      expect(operations).toContain(`\n### ${name}\n`);
      expect(Properties.AlarmDescription).toContain(`docs/operations.md, ${name}.`);
      expect(Properties.AlarmActions).toEqual(Properties.OKActions);
      expect(resolveNames(Properties.AlarmActions[0])).toBe("ObservabilityAlarms");
    }
    template.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "email",
      Endpoint: "ops@example.com",
    });
  });

  test("tell in any case where workers are wanted and none becomes ready, after longer than a start takes", () => {
    synthesise().hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmDescription: Match.stringLikeRegexp("docs/operations.md, NoWorkerReady"),
      EvaluationPeriods: 30,
      Threshold: 1,
      Metrics: Match.arrayWith([
        Match.objectLike({
          Expression: "IF(FILL(w0, 0) + FILL(w1, 0) > 0 AND FILL(alive, 0) == 0, 1, 0)",
          ReturnData: true,
        }),
        Match.objectLike({
          Id: "alive",
          MetricStat: Match.objectLike({
            Period: 60,
            Metric: {
              Namespace: "Scriptorium",
              MetricName: "WorkersAlive",
              // As src/aws/powertools-metrics.ts writes them.
              Dimensions: [
                { Name: "service", Value: "worker" },
                { Name: "stack", Value: "Scriptorium" },
              ],
            },
          }),
        }),
      ]),
    });
  });

  test("are what docs/operations.md explains, each of them and no other", () => {
    const explained = [...operations.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(explained).toHaveLength(faults.length);
  });

  test("and the dashboard are there for a mail address, or where they are asked for", () => {
    const counts = (settings: Record<string, unknown>) => {
      const found = synthesise(settings);
      return ["Alarm", "Dashboard"].map(
        (type) => Object.keys(found.findResources(`AWS::CloudWatch::${type}`)).length,
      );
    };
    expect(counts({})).toEqual([3, 0]);
    expect(counts({ alarmMail: "ops@example.com" })).toEqual([12, 1]);
    expect(counts({ alarmMail: "ops@example.com", dashboard: "false" })).toEqual([12, 0]);
    expect(counts({ dashboard: "true" })).toEqual([3, 1]);
    expect(counts({ alarms: true })).toEqual([12, 1]);
    // That of arrivals alone.
    synthesise({ alarms: true }).resourceCountIs("AWS::SNS::Subscription", 1);
  });
});

test("a canary is sent every so many hours, and missed, where it is asked for", () => {
  synthesise().resourcePropertiesCountIs("AWS::Events::Rule", { ScheduleExpression: "rate(6 hours)" }, 0);
  template.hasResourceProperties("AWS::Events::Rule", {
    ScheduleExpression: "rate(6 hours)",
    Targets: [
      Match.objectLike({ Arn: { "Fn::GetAtt": [Match.stringLikeRegexp("^CanaryFunction"), "Arn"] } }),
    ],
  });
  template.hasResourceProperties("AWS::CloudWatch::Alarm", {
    MetricName: "CanaryFaults",
    Period: 6 * 3600,
    Threshold: 1,
    Dimensions: [
      { Name: "service", Value: "canary" },
      { Name: "stack", Value: "Scriptorium" },
    ],
  });
});

test("what the dashboard shows of the service's own figures is written by somebody", () => {
  const shown = JSON.stringify(template.findResources("AWS::CloudWatch::Dashboard")).matchAll(
    /\\"Scriptorium\\",\\"(\w+)\\"/g,
  );
  const names = [...new Set([...shown].map(([, name]) => name))];
  const written = readFileSync(new URL("../../src/aws/powertools-metrics.ts", import.meta.url), "utf8");
  expect(names.sort()).toEqual([
    "AudioSeconds",
    "AudioSecondsWaiting",
    "GpuMemory",
    "GpuUtilization",
    "QueuedSeconds",
  ]);
  for (const name of names) expect(written).toContain(`"${name}", MetricUnit.`);
});

test("the API's domain is there when it is asked for", () => {
  const stack = synthesise({
    domainName: "speech.example.com",
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0",
  });
  stack.hasResourceProperties("AWS::ApiGatewayV2::DomainName", { DomainName: "speech.example.com" });
  stack.resourceCountIs("AWS::ApiGatewayV2::ApiMapping", 1);
  expect(Object.keys(stack.findOutputs("*")).sort()).toEqual([
    "BucketName",
    "DomainTarget",
    "TableName",
    "Url",
    "WebhooksDeadArn",
  ]);
});
