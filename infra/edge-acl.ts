import { CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";

/** WAF counts over so many seconds. */
const WINDOW_SECONDS = 60;
/** What one address may send: people behind one share it. */
const KEYS_PER_ADDRESS = 10;

/**
 * Who may come to a distribution: in us-east-1 alone, where CloudFront looks for it. What one key sends too much of gets 429
 * here, before anything of the service runs; so does what one address does, with whatever keys.
 */
export class EdgeAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, requestsPerMinute: number) {
    super(scope, id);
    const acl = new CfnWebACL(this, "Resource", {
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      visibilityConfig: visible("All"),
      customResponseBodies: {
        limited: { contentType: "APPLICATION_JSON", content: JSON.stringify(LIMITED) },
      },
      rules: [
        rule(0, "TooManyOfKey", {
          rateBasedStatement: {
            aggregateKeyType: "CUSTOM_KEYS",
            customKeys: [
              { header: { name: "authorization", textTransformations: [{ priority: 0, type: "NONE" }] } },
            ],
            evaluationWindowSec: WINDOW_SECONDS,
            limit: requestsPerMinute,
          },
        }),
        rule(1, "TooManyOfAddress", {
          rateBasedStatement: {
            aggregateKeyType: "IP",
            evaluationWindowSec: WINDOW_SECONDS,
            limit: KEYS_PER_ADDRESS * requestsPerMinute,
          },
        }),
        managed(2, "AWSManagedRulesAmazonIpReputationList"),
        managed(3, "AWSManagedRulesKnownBadInputsRuleSet"),
      ],
    });
    this.arn = acl.attrArn;
  }
}

const LIMITED = {
  type: "about:blank",
  title: "Too Many Requests",
  status: 429,
  code: "rate_limited",
  detail: "Too many requests with this key, or from this address.",
};

function rule(
  priority: number,
  name: string,
  statement: CfnWebACL.StatementProperty,
): CfnWebACL.RuleProperty {
  const customResponse = {
    responseCode: 429,
    customResponseBodyKey: "limited",
    responseHeaders: [{ name: "retry-after", value: String(WINDOW_SECONDS) }],
  };
  return {
    name,
    priority,
    statement,
    action: { block: { customResponse } },
    visibilityConfig: visible(name),
  };
}

function managed(priority: number, name: string): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
    overrideAction: { none: {} },
    visibilityConfig: visible(name),
  };
}

function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
