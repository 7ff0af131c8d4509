import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { resolveNames } from "./names.ts";
import { synthesise } from "./synthesis.ts";

const SETTINGS = { sourceBuckets: { tapes: ["acme"] }, besideBuckets: "tapes" };
const template = synthesise(SETTINGS);

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** What a role may do, as `action resource`, by the role's place in the stack. */
function rightsOf(role: RegExp): string[] {
  const policies = Object.entries(template.findResources("AWS::IAM::Policy")).filter(([id]) => role.test(id));
  expect(policies.length).toBeGreaterThan(0);
  const statements = policies.flatMap(
    ([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[],
  );
  return statements
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((at) => `${action} ${resolveNames(at)}`)),
    )
    .sort();
}

const rights = (lines: string) =>
  lines
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .sort();
const RECORDS = `
  dynamodb:BatchGetItem Table
  dynamodb:ConditionCheckItem Table
  dynamodb:DeleteItem Table
  dynamodb:GetItem Table
  dynamodb:PutItem Table
  dynamodb:Query Table
  dynamodb:Query Table/index/gsi1
  dynamodb:Query Table/index/gsi2
  dynamodb:Query Table/index/gsi3
  dynamodb:UpdateItem Table`;
const ERASING = `
  s3:DeleteObject Bucket/batches/*
  s3:DeleteObject Bucket/inbox/*
  s3:DeleteObject Bucket/results/*
  s3:DeleteObject Bucket/uploads/*`;
const SUMMARY = `
  s3:AbortMultipartUpload Bucket/batches/*
  s3:PutObject Bucket/batches/*`;
const SOURCES = `
  s3:GetObject s3:::tapes/*
  s3:ListBucket s3:::tapes`;
const BESIDE = `
  s3:AbortMultipartUpload s3:::tapes/*
  s3:DeleteObject s3:::tapes/*
  s3:PutObject s3:::tapes/*`;
const ALL_QUEUES = `
  sqs:SendMessage Transcribe
  sqs:SendMessage Archive
  sqs:SendMessage Webhooks`;
const consumes = (queue: string) => `
  sqs:ChangeMessageVisibility ${queue}
  sqs:DeleteMessage ${queue}
  sqs:GetQueueAttributes ${queue}
  sqs:GetQueueUrl ${queue}
  sqs:ReceiveMessage ${queue}`;
const logs = (group: string) => `
  logs:CreateLogStream ${group}
  logs:PutLogEvents ${group}`;

describe("may do what it needs and nothing else:", () => {
  test.each([
    [
      "the worker",
      /AsgTaskTaskRole/,
      `${RECORDS}${ERASING}${SUMMARY}${SOURCES}${BESIDE}
       s3:GetObject Bucket/uploads/*
       s3:GetObject Bucket/inbox/*
       s3:GetObject Bucket/batches/*
       s3:ListBucket Bucket
       s3:AbortMultipartUpload Bucket/uploads/*
       s3:PutObject Bucket/uploads/*
       s3:AbortMultipartUpload Bucket/results/*
       s3:PutObject Bucket/results/*
       sqs:ChangeMessageVisibility Transcribe
       sqs:DeleteMessage Transcribe
       sqs:GetQueueAttributes Transcribe
       sqs:ReceiveMessage Transcribe
       sqs:ChangeMessageVisibility Archive
       sqs:DeleteMessage Archive
       sqs:GetQueueAttributes Archive
       sqs:ReceiveMessage Archive
       sqs:SendMessage Webhooks
       ecs:GetTaskProtection task/Cluster/*
       ecs:UpdateTaskProtection task/Cluster/*`,
    ],
    [
      "accept-arrivals",
      /^ArrivalsFunctionRole/,
      `${logs("ArrivalsFunctionLogs")}${RECORDS}
       sqs:SendMessage Transcribe
       sqs:SendMessage Webhooks`,
    ],
    [
      "the API",
      /^FrontDoorFunctionRole/,
      `${logs("FrontDoorFunctionLogs")}${RECORDS}${ERASING}${SUMMARY}${SOURCES}${BESIDE}
       s3:AbortMultipartUpload Bucket/uploads/*
       s3:PutObject Bucket/uploads/*
       s3:ListMultipartUploadParts Bucket/uploads/*
       s3:AbortMultipartUpload Bucket/results/*
       s3:PutObject Bucket/results/*
       s3:GetObject Bucket/uploads/*
       s3:GetObject Bucket/inbox/*
       s3:GetObject Bucket/results/*
       s3:GetObject Bucket/batches/*
       s3:ListBucket Bucket
       sqs:SendMessage Transcribe
       sqs:SendMessage Webhooks
       states:StartExecution StateMachine`,
    ],
    [
      "deliver-webhook",
      /^WebhooksFunctionRole/,
      `${logs("WebhooksFunctionLogs")}${RECORDS}${consumes("Webhooks")}
       sqs:SendMessage Webhooks`,
    ],
    [
      "fail-dead-letters",
      /^DeadLettersFunctionRole/,
      `${logs("DeadLettersFunctionLogs")}${RECORDS}${ERASING}${SUMMARY}${ALL_QUEUES}
       ${consumes("WorkDead")}
       s3:GetObject Bucket/uploads/*
       s3:GetObject Bucket/inbox/*
       s3:GetObject Bucket/batches/*
       s3:ListBucket Bucket`,
    ],
    [
      "the sweep",
      /^SweepFunctionRole/,
      `${logs("SweepFunctionLogs")}${RECORDS}${ERASING}${SUMMARY}${ALL_QUEUES}${SOURCES}
       s3:AbortMultipartUpload Bucket/uploads/*
       s3:GetObject Bucket/uploads/*
       s3:GetObject Bucket/batches/*
       s3:ListBucket Bucket
       sqs:GetQueueAttributes Transcribe
       sqs:GetQueueAttributes Archive
       states:StartExecution StateMachine`,
    ],
    [
      "enqueue-archive",
      /^ArchiveEnqueueRole/,
      `${logs("ArchiveEnqueueLogs")}${RECORDS}${SUMMARY}${SOURCES}
       s3:GetObject Bucket/inbox/*
       s3:ListBucket Bucket
       sqs:SendMessage Archive`,
    ],
    [
      "finish-listing",
      /^ArchiveFinishRole/,
      `${logs("ArchiveFinishLogs")}${RECORDS}${SUMMARY}
       s3:GetObject Bucket/batches/*
       s3:ListBucket Bucket
       sqs:SendMessage Webhooks`,
    ],
    [
      "list-source",
      /^ArchiveListSourceRole/,
      `${logs("ArchiveListSourceLogs")}${SUMMARY}${SOURCES}
       s3:GetObject Bucket/inbox/*
       s3:ListBucket Bucket`,
    ],
    [
      "an instance's ECS agent",
      /^WorkersAsgInstanceRole/,
      `ecr:GetAuthorizationToken *
       ecs:DiscoverPollEndpoint *
       ecs:DeregisterContainerInstance Cluster
       ecs:RegisterContainerInstance Cluster
       ecs:Submit* Cluster
       ecs:Poll *
       ecs:StartTelemetrySession *
       ecs:UpdateContainerInstancesState container-instance/Cluster/*
       logs:CreateLogStream *
       logs:PutLogEvents *`,
    ],
  ])("%s", (_name, role, expected) => {
    expect(rightsOf(role)).toEqual(rights(expected).filter((line) => line !== ""));
  });
});

test("the state machine reads lists and calls its three functions", () => {
  const found = rightsOf(/^ArchiveStateMachine/).filter((right) => !/^logs:|^states:/.test(right));
  expect(found).toEqual(
    rights(`
      lambda:InvokeFunction Enqueue
      lambda:InvokeFunction Enqueue:*
      lambda:InvokeFunction Finish
      lambda:InvokeFunction Finish:*
      lambda:InvokeFunction ListSource
      lambda:InvokeFunction ListSource:*
      s3:AbortMultipartUpload Bucket/batches/*
      s3:GetObject Bucket/batches/*
      s3:GetObject Bucket/inbox/*
      s3:GetObject s3:::tapes/*
      s3:ListBucket Bucket
      s3:ListBucket s3:::tapes
      s3:ListMultipartUploadParts Bucket/batches/*
      s3:PutObject Bucket/batches/*`),
  );
});

test("only services that know no resources are granted everywhere", () => {
  const everywhere = Object.keys(template.findResources("AWS::IAM::Policy")).flatMap((id) =>
    rightsOf(new RegExp(`^${id}$`)).filter((right) => right.endsWith(" *")),
  );
  const actions = [...new Set(everywhere.map((right) => right.split(" ")[0]))];
  expect(
    actions.filter((action) => !/^logs:.*(Delivery|Deliveries|LogGroups|ResourcePolic)/.test(action)).sort(),
  ).toEqual([
    "ecr:GetAuthorizationToken",
    "ecs:DiscoverPollEndpoint",
    "ecs:Poll",
    "ecs:StartTelemetrySession",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ]);
});

test("an instance may drain itself, on a Spot notice, and no instance of another cluster", () => {
  template.hasResourceProperties("AWS::IAM::Policy", {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: "ecs:UpdateContainerInstancesState",
          Condition: { ArnEquals: { "ecs:cluster": { "Fn::GetAtt": [Match.anyValue(), "Arn"] } } },
        }),
      ]),
    },
  });
});

test("keys of encrypted sources open them for all that read sources", () => {
  const key = "arn:aws:kms:eu-west-1:123456789012:key/0a1b";
  const encrypted = synthesise({ sourceBuckets: { tapes: "*" }, sourceKeys: key });
  const holders = Object.entries(encrypted.findResources("AWS::IAM::Policy"))
    .filter(([, { Properties }]) => {
      const statements = Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[];
      return statements.some(({ Action, Resource }) => Action === "kms:Decrypt" && Resource === key);
    })
    .map(([id]) => /^[A-Z][a-z]+(?:ListSource|Enqueue|StateMachine)?/.exec(id)?.[0]);
  expect(holders.sort()).toEqual([
    "ArchiveEnqueue",
    "ArchiveListSource",
    "ArchiveStateMachine",
    "Front",
    "Sweep",
    "Workers",
  ]);
});

test("a model in S3 may be read by the worker", () => {
  const other = synthesise({ model: "s3://packs/big/", modelManifest: "models/u2pp-moe-en-41m/model.json" });
  const policies = JSON.stringify(other.findResources("AWS::IAM::Policy"));
  expect(policies).toContain(":s3:::packs/big/*");
});
