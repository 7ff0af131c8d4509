import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Duration, RemovalPolicy } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow, allowKey } from "./grants.ts";
import { type Service, serviceEnvironment } from "./service.ts";

export const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

export interface ServiceFunctionProps {
  service: Service;
  /** functions/NAME/main.ts. */
  entry: URL;
  description: string;
  timeout: Duration;
  memorySize?: number;
  /** Of the account's concurrency; unless nothing may be reserved. */
  reserved?: number;
  environment?: Record<string, string>;
  /** Takes events that Lambda itself keeps, once it has tried them in vain. */
  deadLetters?: Queue;
}

/** A function of the service: one bundled ESM file on ARM64, with its own log group and a role that may write there only. */
export class ServiceFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, options: ServiceFunctionProps) {
    const { service, entry, reserved } = options;
    const { props } = service;
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    super(scope, id, {
      code: bundleOf(entry),
      handler: "index.handler",
      description: options.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: options.timeout,
      memorySize: options.memorySize ?? 256,
      tracing: props.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      logGroup,
      role: writerOf(scope, `${id}Role`, logGroup),
      environment: { ...serviceEnvironment(service), ...options.environment },
      ...(options.deadLetters && { deadLetterQueue: options.deadLetters }),
      ...(reserved !== undefined && props.reserveConcurrency && { reservedConcurrentExecutions: reserved }),
    });
    this.addEnvironment("NODE_OPTIONS", "--enable-source-maps");
    for (const key of service.storage.keys) allowKey(this, key);
    if (props.tracing && this.role)
      acknowledge(this.role, { "IAM5[Resource::*]": "Traces have no names to grant." });
  }
}

/** Start the reading of a batch's list. */
export function allowListing(grantee: ServiceFunction, { stateMachineArn }: StateMachine): void {
  grantee.addEnvironment("SCRIPTORIUM_ARCHIVE_STATE_MACHINE_ARN", stateMachineArn);
  allow(grantee, ["states:StartExecution"], [stateMachineArn]);
}

const bundled = new Map<string, string>();
// What is deployed is the copy that CDK makes of them.
process.once("exit", () => {
  for (const folder of bundled.values()) rmSync(dirname(folder), { recursive: true, force: true });
});

/** By the project's own bundler (infra/bundle): CDK's cannot leave out what makes the API too large. Once per process. */
function bundleOf(entry: URL): Code {
  const name = basename(dirname(fileURLToPath(entry)));
  const folder = bundled.get(name) ?? bundle(name);
  bundled.set(name, folder);
  return Code.fromAsset(folder);
}

function bundle(name: string): string {
  const out = mkdtempSync(join(tmpdir(), "scriptorium-bundle-"));
  const bundler = fileURLToPath(new URL("./bundle/main.ts", import.meta.url));
  execFileSync(process.execPath, [bundler, out, name], { stdio: ["ignore", "ignore", "inherit"] });
  return join(out, name);
}

/** Instead of AWSLambdaBasicExecutionRole, which may write to every log group. */
function writerOf(scope: Construct, id: string, logGroup: LogGroup): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [logGroup.logGroupArn],
    }),
  );
  return role;
}
