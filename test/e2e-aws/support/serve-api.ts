import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { onTestFinished } from "vitest";
import { type ApiHandler, apiEvent, CONTEXT } from "./api-client.ts";

/** The API's function behind HTTP, as API Gateway has it, until the test ends. Returns its URL. */
export async function serveApi(handler: ApiHandler): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const event = apiEvent(request.method ?? "GET", request.url ?? "/", {
      headers,
      ...(body !== "" && { body: JSON.parse(body) }),
    });
    const answer = (await handler(event, CONTEXT)) as APIGatewayProxyStructuredResultV2;
    response.writeHead(answer.statusCode ?? 200, answer.headers as Record<string, string>);
    response.end(Buffer.from(answer.body ?? "", answer.isBase64Encoded ? "base64" : "utf8"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
