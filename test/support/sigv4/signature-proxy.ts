import { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { type HttpProxy, sendOn, startProxy } from "../proxy.ts";
import { refuseByRules } from "./s3-rules.ts";
import { type Refusal, type Verifier, verify } from "./verify.ts";

/**
 * What moto lacks: hands requests on to a port of this machine that are signed as AWS wants them, and refuses the others
 * as AWS does. moto's own calls, under /moto-api/, need no signature.
 */
export async function startSignatureProxy(port: number, verifier: Verifier): Promise<HttpProxy> {
  const agent = new Agent({ keepAlive: true });
  return startProxy(agent, async (request, response) => {
    const { method = "", url: target = "", headers } = request;
    const body = await buffer(request).catch(() => null);
    if (!body) return;
    const isOurs = target.startsWith("/moto-api/");
    const received = { method, target, headers, body };
    const refusal = isOurs ? null : (verify(received, verifier) ?? refuseByRules(received));
    if (refusal) refuse(response, refusal, method);
    else await handOn(request, body, response, { port, agent });
  });
}

/** As S3 does it; of other services the SDK reads the status, and the code from the header. */
function refuse(response: ServerResponse, refusal: Refusal, method: string): void {
  const { status, code, message, headers = {} } = refusal;
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  response.writeHead(status, { "content-type": "application/xml", "x-amzn-errortype": code, ...headers });
  response.end(method === "HEAD" ? "" : text);
}

async function handOn(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  target: { port: number; agent: Agent },
): Promise<void> {
  try {
    const answer = await sendOn(request, body, target);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.on("close", () => answer.destroy());
    answer.on("error", () => response.destroy()).pipe(response);
  } catch {
    response.destroy();
  }
}
