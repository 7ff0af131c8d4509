import { Duration, Stack, Token } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { limitsFrom } from "../src/jobs/limits.ts";
import { acknowledge } from "./acknowledge.ts";
import { EdgeAcl } from "./edge-acl.ts";
import type { ServiceFunction } from "./service-function.ts";
import { limitsEnvironment, type Settings, SettingsError } from "./settings.ts";

/** As functions/api/doorman.ts knows it. */
const EDGE_HEADER = "x-scriptorium-edge";
export const ACL_REGION = "us-east-1";

export interface EdgeProps {
  props: Settings;
  api: HttpApi;
  function: ServiceFunction;
}

/** CloudFront and WAF before the API, which then answers to nobody else: they share a secret. */
export class Edge extends Construct {
  readonly url: string;
  /** What the domain's DNS record has to point at. */
  readonly target: string;

  constructor(scope: Construct, id: string, { props, api, function: answers }: EdgeProps) {
    super(scope, id);
    const secret = new Secret(this, "Secret", {
      description: "Between CloudFront and the API",
      generateSecretString: { excludePunctuation: true, passwordLength: 48 },
    });
    acknowledge(secret, { SMG4: "Both sides read it when they are deployed; a new one is a deployment." });
    const shared = secret.secretValue.unsafeUnwrap();
    answers.addEnvironment("SCRIPTORIUM_EDGE_SECRET", shared);
    const host = `${api.apiId}.execute-api.${Stack.of(this).region}.${Stack.of(this).urlSuffix}`;
    const behaviour = {
      origin: new HttpOrigin(host, {
        customHeaders: { [EDGE_HEADER]: shared },
        // The API answers within 29 s.
        readTimeout: Duration.seconds(30),
      }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      compress: true,
    };
    const { domainName, certificateArn } = props;
    const distribution = new Distribution(this, "Distribution", {
      comment: `Scriptorium ${props.name}`,
      webAclId: props.edgeAclArn ?? this.#acl(props),
      priceClass: PriceClass.PRICE_CLASS_ALL,
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      defaultBehavior: { ...behaviour, cachePolicy: CachePolicy.CACHING_DISABLED },
      additionalBehaviors: {
        // What anybody may ask for costs the service one request every few seconds.
        "/healthz": { ...behaviour, cachePolicy: this.#briefly() },
      },
      ...(domainName !== undefined &&
        certificateArn !== undefined && {
          domainNames: [domainName],
          certificate: Certificate.fromCertificateArn(this, "Certificate", certificateArn),
        }),
    });
    acknowledge(distribution, {
      CFR1: "Who may use the service is said by its keys, not by countries.",
      CFR3: "The API behind it writes an access log; blocked requests are WAF's metrics.",
      CFR4: "Without a domain of its own it has CloudFront's certificate, which sets the protocol.",
    });
    this.target = distribution.distributionDomainName;
    this.url = `https://${domainName ?? distribution.distributionDomainName}`;
  }

  #acl(props: Settings): string {
    const { region } = Stack.of(this);
    if (Token.isUnresolved(region) || region !== ACL_REGION)
      throw new SettingsError(
        `edge: outside of ${ACL_REGION}, where CloudFront looks for its web ACL, edgeAclArn must name one.`,
      );
    const { requestsPerMinute } = limitsFrom(limitsEnvironment(props.limits));
    return new EdgeAcl(this, "Acl", requestsPerMinute).arn;
  }

  #briefly(): CachePolicy {
    const seconds = Duration.seconds(5);
    return new CachePolicy(this, "Briefly", { minTtl: seconds, defaultTtl: seconds, maxTtl: seconds });
  }
}
