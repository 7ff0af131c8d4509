import { Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { EDGE_HEADER } from "../../functions/api/doorman.ts";
import { Scriptorium, type ScriptoriumProps, SettingsError } from "../../infra/index.ts";
import { inApp, synthesise } from "./synthesis.ts";

const templateIn = (region: string, props: ScriptoriumProps) =>
  inApp({}, (app) => {
    const stack = new Stack(app, "App", { env: { account: "123456789012", region } });
    new Scriptorium(stack, "Speech", props);
    return Template.fromStack(stack);
  });
const ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/ours/0a1b";

test("there is no distribution, no web ACL and no secret unless they are asked for", () => {
  for (const type of ["AWS::CloudFront::Distribution", "AWS::WAFv2::WebACL", "AWS::SecretsManager::Secret"])
    synthesise().resourceCountIs(type, 0);
});

describe("before the API", () => {
  const template = templateIn("us-east-1", { edge: true, limits: { requestsPerMinute: 120 } });
  const [distribution] = Object.values(template.findResources("AWS::CloudFront::Distribution"));
  const config = distribution.Properties.DistributionConfig;
  const [api] = Object.entries(template.findResources("AWS::Lambda::Function")).filter(([id]) =>
    id.startsWith("SpeechFrontDoor"),
  );

  test("a distribution says a secret that the API knows, and nobody else", () => {
    const { HeaderName, HeaderValue } = config.Origins[0].OriginCustomHeaders[0];
    expect(HeaderName).toBe(EDGE_HEADER);
    expect(HeaderValue).toEqual(api[1].Properties.Environment.Variables.SCRIPTORIUM_EDGE_SECRET);
    expect(JSON.stringify(HeaderValue)).toContain("{{resolve:secretsmanager:");
  });

  test("it hands on everything and keeps nothing but, for seconds, whether the service is well", () => {
    expect(config.DefaultCacheBehavior).toMatchObject({
      AllowedMethods: expect.arrayContaining(["POST", "DELETE", "OPTIONS"]),
      ViewerProtocolPolicy: "https-only",
      // CachingDisabled: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
      CachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    });
    expect(config.CacheBehaviors.map(({ PathPattern }: { PathPattern: string }) => PathPattern)).toEqual([
      "/healthz",
    ]);
    template.hasResourceProperties("AWS::CloudFront::CachePolicy", {
      CachePolicyConfig: { DefaultTTL: 5, MaxTTL: 5 },
    });
  });

  test("WAF refuses what is too much of one key, as its limit has it, and of one address", () => {
    const limited = (name: string, statement: object) =>
      Match.objectLike({
        Name: name,
        Action: { Block: { CustomResponse: Match.objectLike({ ResponseCode: 429 }) } },
        Statement: { RateBasedStatement: Match.objectLike({ EvaluationWindowSec: 60, ...statement }) },
      });
    template.hasResourceProperties("AWS::WAFv2::WebACL", {
      Scope: "CLOUDFRONT",
      Rules: Match.arrayWith([
        limited("TooManyOfKey", {
          AggregateKeyType: "CUSTOM_KEYS",
          CustomKeys: [{ Header: Match.objectLike({ Name: "authorization" }) }],
          Limit: 120,
        }),
        limited("TooManyOfAddress", { AggregateKeyType: "IP", Limit: 1200 }),
      ]),
    });
    expect(config.WebACLId).toEqual({ "Fn::GetAtt": [expect.stringMatching(/Acl/), "Arn"] });
  });
});

test("a stack elsewhere needs a web ACL from us-east-1", () => {
  expect(() => templateIn("eu-west-1", { edge: true })).toThrow(SettingsError);
  templateIn("eu-west-1", { edge: true, edgeAclArn: ACL }).hasResourceProperties(
    "AWS::CloudFront::Distribution",
    {
      DistributionConfig: Match.objectLike({ WebACLId: ACL }),
    },
  );
});

test("a domain is the distribution's then, with a certificate where CloudFront looks for it", () => {
  const domainName = "speech.example.com";
  const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/0";
  const template = templateIn("us-east-1", { edge: true, domainName, certificateArn });
  template.hasResourceProperties("AWS::CloudFront::Distribution", {
    DistributionConfig: Match.objectLike({ Aliases: [domainName] }),
  });
  template.resourceCountIs("AWS::ApiGatewayV2::DomainName", 0);
  const elsewhere = certificateArn.replace("us-east-1", "eu-west-1");
  expect(() => templateIn("us-east-1", { edge: true, domainName, certificateArn: elsewhere })).toThrow(
    /certificateArn/,
  );
});
