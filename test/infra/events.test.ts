import { Match, type Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { resolveNames } from "./names.ts";
import { synthesise } from "./synthesis.ts";

const template = synthesise();

describe("events", () => {
  test("of arrivals, and of nothing else, go to accept-arrivals; what it cannot do is left to the workers", () => {
    const { NotificationConfiguration } = Object.values(template.findResources("AWS::S3::Bucket"))[0]
      .Properties as { NotificationConfiguration: Record<string, { Topic: unknown }[]> };
    const { TopicConfigurations, ...others } = NotificationConfiguration;
    expect(others).toEqual({});
    expect(TopicConfigurations.map((each) => ({ ...each, Topic: resolveNames(each.Topic) }))).toEqual(
      ["uploads/", "inbox/"].map((Value) => ({
        Event: "s3:ObjectCreated:*",
        Topic: "ArrivalsTopic",
        Filter: { S3Key: { Rules: [{ Name: "prefix", Value }] } },
      })),
    );
    const [{ Properties }, ...more] = Object.values(template.findResources("AWS::SNS::Subscription"));
    expect(more).toEqual([]);
    expect([Properties.TopicArn, Properties.Endpoint].map(resolveNames)).toEqual([
      "ArrivalsTopic",
      "ArrivalsFunction",
    ]);
    const accept = template.findResources("AWS::Lambda::Function")[Properties.Endpoint["Fn::GetAtt"][0]];
    expect(resolveNames(accept.Properties.DeadLetterConfig.TargetArn)).toBe("Transcribe");
  });

  test("are taken from this account's buckets only, which come after the topic's policy", () => {
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: "s3.amazonaws.com" },
            Action: "sns:Publish",
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      },
    });
    const [bucket] = Object.values(template.findResources("AWS::S3::Bucket"));
    expect(bucket.DependsOn).toEqual([expect.stringMatching(/^ArrivalsTopicPolicy/)]);
  });

  test("a queue's messages reach their function with partial failures", () => {
    const sources = Object.values(template.findResources("AWS::Lambda::EventSourceMapping")).map(
      ({ Properties }) => [
        resolveNames(Properties.EventSourceArn),
        resolveNames(Properties.FunctionName),
        Properties.FunctionResponseTypes,
        Properties.BatchSize,
        Properties.ScalingConfig.MaximumConcurrency,
      ],
    );
    expect(sources.sort()).toEqual([
      ["Webhooks", "WebhooksFunction", ["ReportBatchItemFailures"], 1, 20],
      ["WorkDead", "DeadLettersFunction", ["ReportBatchItemFailures"], 10, 2],
    ]);
  });

  test("of what ended go to the account's bus, where somebody asked for them", () => {
    template.resourceCountIs("AWS::Pipes::Pipe", 0);
    const telling = synthesise({ completionEvents: true });
    telling.hasResourceProperties("AWS::Pipes::Pipe", {
      Source: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesEvents"), "Arn"] },
      TargetParameters: {
        EventBridgeEventBusParameters: { Source: "scriptorium", DetailType: "$.body.type" },
        InputTemplate: "<$.body.data>",
      },
    });
    // Whoever may end a transcription or a batch may tell of it.
    const tellers = Object.entries(telling.findResources("AWS::IAM::Policy"))
      .filter(([, { Properties }]) =>
        (Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[]).some(
          ({ Action, Resource }) =>
            [Action].flat().includes("sqs:SendMessage") && JSON.stringify(Resource).includes("QueuesEvents"),
        ),
      )
      .map(([id]) => /^(Arrivals|ArchiveFinish|DeadLetters|FrontDoor|Sweep|Workers)/.exec(id)?.[0]);
    expect(tellers.sort()).toEqual([
      "ArchiveFinish",
      "Arrivals",
      "DeadLetters",
      "FrontDoor",
      "Sweep",
      "Workers",
    ]);
    for (const { Properties } of Object.values(telling.findResources("AWS::Lambda::Function")))
      expect(Properties.Environment.Variables).toHaveProperty("SCRIPTORIUM_EVENTS_QUEUE_URL");
  });

  test("the sweep comes every minute; a listing that is stopped is ended", () => {
    template.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(1 minute)" });
    template.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: { detail: { status: ["ABORTED", "FAILED", "TIMED_OUT"] } },
      Targets: [
        Match.objectLike({
          InputTransformer: {
            InputPathsMap: { "detail-name": "$.detail.name", "detail-status": "$.detail.status" },
            InputTemplate:
              '{"batch_id":<detail-name>,"error":{"Error":<detail-status>,"Cause":"The execution was stopped."}}',
          },
        }),
      ],
    });
  });
});

describe("queues", () => {
  const queues = Object.fromEntries(
    Object.entries(template.findResources("AWS::SQS::Queue")).map(([id, { Properties }]) => [
      resolveNames({ Ref: id }),
      Properties,
    ]),
  );

  test.each([
    ["Transcribe", 120, "WorkDead", 5],
    ["Archive", 120, "WorkDead", 5],
    ["Webhooks", 180, "WebhooksDead", 20],
  ])("%s", (name, visibility, dead, receives) => {
    const { VisibilityTimeout, RedrivePolicy, MessageRetentionPeriod } = queues[name];
    expect([
      VisibilityTimeout,
      resolveNames(RedrivePolicy.deadLetterTargetArn),
      RedrivePolicy.maxReceiveCount,
    ]).toEqual([visibility, dead, receives]);
    expect(MessageRetentionPeriod).toBe(14 * 24 * 3600);
    expect(queues[dead].MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  test("hide a message six times as long as its function may take", () => {
    for (const { Properties } of Object.values(template.findResources("AWS::Lambda::EventSourceMapping"))) {
      const id = Properties.FunctionName.Ref as string;
      const { Timeout } = template.findResources("AWS::Lambda::Function")[id].Properties;
      expect(queues[resolveNames(Properties.EventSourceArn)].VisibilityTimeout).toBeGreaterThanOrEqual(
        6 * Timeout,
      );
    }
  });
});

describe("functions", () => {
  test("run on ARM64 and Node 24, with their own kept-short logs, without traces", () => {
    const all = Object.values(template.findResources("AWS::Lambda::Function"));
    expect(all).toHaveLength(8);
    for (const { Properties } of all) {
      expect(Properties).toMatchObject({
        Architectures: ["arm64"],
        Runtime: "nodejs24.x",
        Handler: "index.handler",
      });
      expect(Properties.LoggingConfig.LogGroup.Ref).toBeDefined();
      expect(Properties).not.toHaveProperty("TracingConfig");
    }
    const groups = Object.values(template.findResources("AWS::Logs::LogGroup"));
    expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual(groups.map(() => 30));
  });

  test("know what reads lists where they may start it", () => {
    const ids = Object.entries(template.findResources("AWS::Lambda::Function")).filter(
      ([, { Properties }]) => "SCRIPTORIUM_ARCHIVE_STATE_MACHINE_ARN" in Properties.Environment.Variables,
    );
    expect(ids.map(([id]) => resolveNames({ Ref: id })).sort()).toEqual([
      "FrontDoorFunction",
      "SweepFunction",
    ]);
  });

  test("keep a share of the account's concurrency where a queue or the clock feeds them, unless there is none", () => {
    const reserved = (from: Template) =>
      Object.values(from.findResources("AWS::Lambda::Function"))
        .map(({ Properties }) => Properties.ReservedConcurrentExecutions)
        .filter((count) => count !== undefined)
        .sort((a, b) => a - b);
    expect(reserved(template)).toEqual([1, 2, 20, 50]);
    expect(reserved(synthesise({ reserveConcurrency: "false" }))).toEqual([]);
  });
});
