import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  DomainName,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { Edge } from "./edge.ts";
import {
  allowDeleting,
  allowListingParts,
  allowReading,
  allowRecords,
  allowSending,
  allowWriting,
} from "./grants.ts";
import type { Service } from "./service.ts";
import { allowListing, ServiceFunction } from "./service-function.ts";

/** What API Gateway waits for at most, less a second in which the function can still answer. */
const TIMEOUT = Duration.seconds(29);

/** The HTTP API: one function answers every route, and knows who may do what. */
export class FrontDoor extends Construct {
  readonly api: HttpApi;
  readonly function: ServiceFunction;
  readonly url: string;
  /** What the domain's DNS record (CNAME, or an alias) has to point at; null without a domain. */
  readonly domainTarget: string | null;

  constructor(scope: Construct, id: string, service: Service, archive: StateMachine) {
    super(scope, id);
    const { props } = service;
    this.function = new ServiceFunction(this, "Function", {
      service,
      entry: new URL("../functions/api/main.ts", import.meta.url),
      description: "Answers the HTTP API",
      timeout: TIMEOUT,
      memorySize: 512,
    });
    allowServing(this.function, service);
    allowListing(this.function, archive);
    this.api = new HttpApi(this, "Api", {
      description: "Scriptorium",
      defaultIntegration: new HttpLambdaIntegration("Integration", this.function),
      createDefaultStage: false,
    });
    const edge = props.edge
      ? new Edge(this, "Edge", { props, api: this.api, function: this.function })
      : null;
    const domain = edge ? null : this.#domain(service);
    new HttpStage(this, "Stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      ...(domain && { domainMapping: { domainName: domain } }),
      throttle: { rateLimit: props.requestsPerSecond, burstLimit: 2 * props.requestsPerSecond },
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, "AccessLogs", {
            retention: props.logDays as RetentionDays,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
      },
    });
    const route = this.api.node.findChild("DefaultRoute");
    acknowledge(route, { APIG4: "The function behind it checks API keys, which have owners." });
    this.domainTarget = domain?.regionalDomainName ?? edge?.target ?? null;
    this.url = edge?.url ?? (domain ? `https://${domain.name}` : this.api.apiEndpoint);
  }

  #domain({ props: { domainName, certificateArn } }: Service): DomainName | null {
    if (domainName === undefined || certificateArn === undefined) return null;
    return new DomainName(this, "Domain", {
      domainName,
      certificate: Certificate.fromCertificateArn(this, "Certificate", certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
  }
}

function allowServing(api: ServiceFunction, service: Service): void {
  const { storage, queues } = service;
  allowRecords(api, storage.table);
  // Uploads by the URLs that it signs carry its own rights. Large transcripts are stored in the format that is asked for.
  allowWriting(api, storage.bucket, ["uploads/", "results/", "batches/"]);
  allowListingParts(api, storage.bucket, ["uploads/"]);
  allowReading(api, storage.bucket, ["uploads/", "inbox/", "results/", "batches/"]);
  allowDeleting(api, storage.bucket, ["uploads/", "inbox/", "results/", "batches/"]);
  service.sources.readBy(api);
  service.sources.writtenBesideBy(api);
  allowSending(api, [queues.transcribe, ...queues.telling]);
}
