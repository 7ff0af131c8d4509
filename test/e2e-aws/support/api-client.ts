import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";

export type ApiHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<unknown>;

/** What Lambda hands over besides the event; the log tells of it. */
export const CONTEXT = {
  functionName: "api",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:api",
  memoryLimitInMB: "256",
  awsRequestId: "8f5d9a4e-1c1f-4b1c-9f57-0123456789ab",
  getRemainingTimeInMillis: () => 300_000,
} as Context;

/**
 * An HTTP API's event, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function apiEvent(
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): APIGatewayProxyEventV2 {
  const [rawPath, rawQueryString = ""] = path.split("?");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    headers: {
      accept: "*/*",
      host: "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
      "user-agent": "curl/8.5.0",
      "x-amzn-trace-id": "Root=1-66200000-0123456789abcdef01234567",
      "x-forwarded-for": "203.0.113.7",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(rawQueryString !== "" && {
      queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)),
    }),
    requestContext: {
      accountId: "123456789012",
      apiId: "a1b2c3d4e5",
      domainName: "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
      domainPrefix: "a1b2c3d4e5",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "203.0.113.7", userAgent: "curl/8.5.0" },
      requestId: "WXlmThKiliAEPTQ=",
      routeKey: "$default",
      stage: "$default",
      time: "16/Apr/2024:12:00:00 +0000",
      timeEpoch: 1_713_268_800_000,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

/** Calls the handler as API Gateway would, with a key. */
export function apiClient(handler: ApiHandler, key: string) {
  return async (method: string, path: string, body?: unknown) => {
    const event = apiEvent(method, path, { body, headers: { authorization: `Bearer ${key}` } });
    const { statusCode, body: text = "" } = (await handler(
      event,
      CONTEXT,
    )) as APIGatewayProxyStructuredResultV2;
    const isJson = /^[[{]/.test(text);
    return { status: statusCode, text, json: isJson ? JSON.parse(text) : null };
  };
}
