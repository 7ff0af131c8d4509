import { Agent, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { PAGE_RULE } from "../../support/bucket-cors.ts";
import { type HttpProxy, sendOn, startProxy } from "../../support/proxy.ts";

/**
 * What moto lets everybody do, as S3 does it: pages of one origin may call what the bucket's rule allows them.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
export async function startCorsDoor(endpoint: string, allowed: () => string): Promise<HttpProxy> {
  const agent = new Agent({ keepAlive: true });
  const port = Number(new URL(endpoint).port);
  const granted = (headers: IncomingHttpHeaders, method = "") => {
    const { origin } = headers;
    if (origin === undefined || origin !== allowed() || !PAGE_RULE.AllowedMethods.includes(method))
      return null;
    return {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": PAGE_RULE.AllowedMethods.join(", "),
      "access-control-expose-headers": PAGE_RULE.ExposedHeaders.join(", "),
      vary: "Origin",
    };
  };
  return startProxy(agent, async (request, response) => {
    const { method, headers } = request;
    const body = await buffer(request);
    if (method === "OPTIONS") {
      const grant = granted(headers, headers["access-control-request-method"]);
      const wanted = { "access-control-allow-headers": headers["access-control-request-headers"] ?? "" };
      return void response.writeHead(grant ? 200 : 403, { ...grant, ...(grant && wanted) }).end();
    }
    const answer = await sendOn(request, body, { port, agent });
    const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith("access-control-"));
    response.writeHead(answer.statusCode ?? 502, { ...Object.fromEntries(own), ...granted(headers, method) });
    response.on("close", () => answer.destroy());
    answer.on("error", () => response.destroy()).pipe(response);
  });
}
