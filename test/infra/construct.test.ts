import { Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import { Key } from "aws-cdk-lib/aws-kms";
import { Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { describe, expect, test } from "vitest";
import { Scriptorium, type ScriptoriumProps, SettingsError } from "../../infra/index.ts";
import { inApp, synthesise } from "./synthesis.ts";

// Tables with keys of their own need to know their region.
const PLACE = { account: "123456789012", region: "eu-west-1" };

/** The template of somebody's stack with the service in it. */
function templateOf(
  make: (stack: Stack) => ScriptoriumProps,
  then?: (speech: Scriptorium, stack: Stack) => void,
) {
  return inApp({}, (app) => {
    const stack = new Stack(app, "App", { env: PLACE });
    const speech = new Scriptorium(stack, "Speech", make(stack));
    then?.(speech, stack);
    return Template.fromStack(stack);
  });
}

/** Of each type. */
function counts(template: Template): Record<string, number> {
  const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>);
  const groups = Map.groupBy(types, ({ Type }) => Type);
  return Object.fromEntries([...groups].map(([type, all]) => [type, all.length]));
}
const policiesOf = (template: Template) =>
  Object.entries(template.findResources("AWS::IAM::Policy")).map(
    ([id, { Properties }]) =>
      [
        id,
        Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[],
      ] as const,
  );
/** Roles that may do this with what the word is in the name of. */
const allowed = (template: Template, action: string, word: string) =>
  policiesOf(template)
    .filter(([, statements]) =>
      statements.some(
        ({ Action, Resource }) => [Action].flat().includes(action) && JSON.stringify(Resource).includes(word),
      ),
    )
    .map(([id]) => /^Speech(Front|Sweep|Workers|Webhooks|DeadLetters|Archive(?:[A-Z][a-z]+)+?)/.exec(id)?.[1])
    .sort();

test("the service fits into anybody's stack, and the project's own stack has nothing else", () => {
  const own = counts(synthesise());
  // Three zones where they are known, and two where they are not.
  const more = {
    "AWS::EC2::Subnet": 3,
    "AWS::EC2::Route": 3,
    "AWS::EC2::RouteTable": 3,
    "AWS::EC2::SubnetRouteTableAssociation": 3,
  };
  expect(counts(templateOf(() => ({})))).toEqual({ ...own, ...more });
});

test("two of them in one stack do not get into each other's way", () => {
  const names = inApp({}, (app) => {
    const stack = new Stack(app, "App");
    new Scriptorium(stack, "Speech");
    new Scriptorium(stack, "Radio");
    return Object.values(Template.fromStack(stack).findResources("AWS::Logs::LogGroup"))
      .map(({ Properties }) => Properties.LogGroupName as string | undefined)
      .filter((name) => name !== undefined);
  });
  expect(names).toHaveLength(2);
  expect(new Set(names).size).toBe(2);
});

test("settings that make no sense are refused", () => {
  expect(() => templateOf(() => ({ maxWorkers: 0 }))).toThrow(SettingsError);
});

describe("a given network", () => {
  const workersIn = (natGateways: number) =>
    templateOf((stack) => {
      const subnetType = natGateways > 0 ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PUBLIC;
      const subnetConfiguration = [
        { name: "Outer", subnetType: SubnetType.PUBLIC },
        ...(natGateways > 0 ? [{ name: "Inner", subnetType }] : []),
      ];
      return {
        vpc: new Vpc(stack, "Net", { natGateways, subnetConfiguration }) as NonNullable<
          ScriptoriumProps["vpc"]
        >,
      };
    });
  const groupOf = (template: Template) =>
    Object.values(template.findResources("AWS::AutoScaling::AutoScalingGroup"))[0].Properties;
  const interfacesOf = (template: Template) =>
    Object.values(template.findResources("AWS::EC2::LaunchTemplate"))[0].Properties.LaunchTemplateData
      .NetworkInterfaces;

  test("has workers in its private subnets, which need no addresses", () => {
    const template = workersIn(1);
    template.resourceCountIs("AWS::EC2::VPC", 1);
    for (const { Ref } of groupOf(template).VPCZoneIdentifier) expect(Ref).toMatch(/^NetInner/);
    expect(interfacesOf(template)).toBeUndefined();
  });

  test("without private ones has them in its public subnets, with addresses", () => {
    const template = workersIn(0);
    for (const { Ref } of groupOf(template).VPCZoneIdentifier) expect(Ref).toMatch(/^NetOuter/);
    expect(interfacesOf(template)).toMatchObject([{ AssociatePublicIpAddress: true }]);
  });
});

describe("a given bucket", () => {
  const template = templateOf((stack) => ({
    bucket: new Bucket(stack, "Tapes", { encryption: BucketEncryption.KMS }) as IBucket,
  }));

  test("is the one that the service keeps recordings in", () => {
    template.resourceCountIs("AWS::S3::Bucket", 1);
    for (const { Properties } of Object.values(template.findResources("AWS::Lambda::Function"))) {
      const name = Properties.Environment?.Variables.SCRIPTORIUM_BUCKET;
      if (name) expect(name).toEqual({ Ref: expect.stringMatching(/^Tapes/) });
    }
  });

  test("tells of arrivals in it, and of nothing else", () => {
    template.hasResourceProperties("Custom::S3BucketNotifications", {
      NotificationConfiguration: {
        TopicConfigurations: ["uploads/", "inbox/"].map((Value) =>
          Match.objectLike({ Filter: { Key: { FilterRules: [{ Name: "prefix", Value }] } } }),
        ),
      },
    });
  });

  test("has its own key opened for all that read or write it", () => {
    expect(allowed(template, "kms:GenerateDataKey", "TapesKey")).toEqual(
      expect.arrayContaining(["Front", "Workers", "Sweep"]),
    );
  });
});

describe("a given key", () => {
  const template = templateOf((stack) => ({ encryptionKey: new Key(stack, "Ours") }));
  const key = { "Fn::GetAtt": [Match.stringLikeRegexp("^Ours"), "Arn"] };

  test("encrypts the bucket, the table and every queue", () => {
    template.hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key },
          },
        ],
      },
    });
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      SSESpecification: { SSEEnabled: true, SSEType: "KMS" },
      Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: key } })],
    });
    template.resourcePropertiesCountIs("AWS::SQS::Queue", { KmsMasterKeyId: key }, 5);
  });

  test("may be named by its ARN", () => {
    const arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const named = templateOf(() => ({ encryptionKeyArn: arn }));
    named.resourceCountIs("AWS::KMS::Key", 0);
    named.resourcePropertiesCountIs("AWS::SQS::Queue", { KmsMasterKeyId: arn }, 5);
  });

  test("may be used by every part of the service", () => {
    const roles = policiesOf(template)
      .map(([id]) => id)
      .filter((id) =>
        /Function(Role)?Default|EnqueueRole|FinishRole|ListSourceRole|TaskTaskRole|StateMachineRole/.test(id),
      );
    expect(allowed(template, "kms:Decrypt", "Ours")).toHaveLength(roles.length);
    expect(allowed(template, "kms:GenerateDataKey", "Ours")).toHaveLength(roles.length);
  });
});

describe("a source bucket that is added", () => {
  const template = templateOf(
    () => ({ sourceBuckets: { common: "*" } }),
    (speech, stack) => {
      const tapes = new Bucket(stack, "Tapes", { encryption: BucketEncryption.KMS });
      speech.addSourceBucket(tapes as IBucket, { owners: ["acme"], beside: true });
    },
  );

  test("may be read by all that read sources, and opened with its key", () => {
    const readers = ["ArchiveEnqueue", "ArchiveList", "ArchiveState", "Front", "Sweep", "Workers"];
    expect(
      allowed(template, "s3:ListBucket", "Tapes").map((name) => name?.replace(/Role.*|Machine.*/, "")),
    ).toEqual(readers);
    expect(allowed(template, "kms:Decrypt", "TapesKey")).toHaveLength(readers.length);
    expect(allowed(template, "s3:PutObject", "Tapes")).toEqual(["Front", "Workers"]);
  });

  test("is known to the functions by its name, with its owners, beside those of the settings", () => {
    const [api] = Object.entries(template.findResources("AWS::Lambda::Function")).filter(([id]) =>
      id.startsWith("SpeechFrontDoor"),
    );
    const sources = api[1].Properties.Environment.Variables.SCRIPTORIUM_SOURCE_BUCKETS["Fn::Join"][1];
    expect(sources.map((part: unknown) => (typeof part === "string" ? part : "NAME")).join("")).toBe(
      '{"common":"*","NAME":["acme"]}',
    );
  });
});
