import { Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { type Made, withStack } from "./synthesis.ts";

/** What cdk-nag's AWS Solutions pack finds, a line each; a synthesis with findings fails. */
function findings(settings: Record<string, unknown>, spoil?: (made: Made) => void): string[] {
  return withStack(settings, (made) => {
    spoil?.(made);
    Validations.of(made.app).addPlugins(new AwsSolutionsChecks(made.app));
    try {
      made.app.synth();
      return [];
    } catch (error) {
      return [...String((error as Error).message).matchAll(/AwsSolutions-[A-Z0-9]+(\[.*\])?/g)].map(
        ([rule]) => rule,
      );
    }
  });
}

describe("cdk-nag has nothing to say", () => {
  test.each([
    ["as it comes", {}],
    ["with Managed Instances", { capacity: "managed-instances" }],
    [
      "with every option",
      {
        sourceBuckets: { "tapes-of-others": ["acme"], common: "*" },
        besideBuckets: "common",
        model: "s3://models/big/",
        modelManifest: "models/u2pp-moe-en-41m/model.json",
        alarmMail: "ops@example.com",
        corsOrigins: "https://app.example.com",
        recoverDays: 7,
        keepRecordingsDays: 30,
        tracing: true,
        domainName: "speech.example.com",
        certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0",
        edge: true,
        edgeAclArn: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/ours/0a1b",
        completionEvents: true,
        canaryHours: 6,
        operatorAccess: true,
        zones: "eu-west-1a,eu-west-1b,eu-west-1c",
      },
    ],
  ])("%s", (_name, settings) => {
    expect(findings(settings)).toEqual([]);
  });

  test("but it would have, where something is wrong", () => {
    const found = findings({}, ({ stack }) => {
      stack.scriptorium.parts.archive.enqueue.addToRolePolicy(
        new PolicyStatement({ actions: ["s3:*"], resources: ["*"] }),
      );
    });
    expect(found).toEqual(["AwsSolutions-IAM5[Action::s3:*]", "AwsSolutions-IAM5[Resource::*]"]);
  });
});
