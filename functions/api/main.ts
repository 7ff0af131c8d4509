import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { handle, type LambdaEvent } from "hono/aws-lambda";
import manifest from "../../package.json" with { type: "json" };
import { openFunction } from "../../src/aws/lambda.ts";
import { awsRateLimiter } from "../../src/aws/services.ts";
import { createApi } from "./app.ts";
import { doorman } from "./doorman.ts";
import { LAMBDA_FORMS } from "./forms/limits.ts";
import { readPageFiles } from "./page-files.ts";
import { readApiSettings } from "./settings.ts";

const { aws, models, stateMachineArn, edgeSecret } = readApiSettings();
const { services, logged } = openFunction("api", aws, { models, stateMachineArn });
const options = {
  rateLimiter: awsRateLimiter(aws),
  version: manifest.version,
  forms: LAMBDA_FORMS,
  page: () => readPageFiles(new URL("./page/", import.meta.url)),
};
const api = handle(createApi(services, options));
const { clock, limits } = services;
const refuse = doorman({ clock, requestsPerMinute: limits.requestsPerMinute, edgeSecret });

/** For events of API Gateway's HTTP API and of function URLs, version 2.0. */
export const handler = logged(
  async (event: APIGatewayProxyEventV2) => refuse(event) ?? api(event as LambdaEvent & typeof event),
);
