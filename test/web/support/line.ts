import http from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "../../support/listen.ts";

/**
 * A line to a service, until the test ends: `fateOf` says what becomes of a part of an upload. One that is held comes
 * through and is never answered; one that breaks loses its connection.
 */
export async function startLine(
  target: string,
  fateOf: (part: string) => "passes" | "held" | "breaks",
): Promise<string> {
  const here = await listen((request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const part = method === "PUT" ? new URL(url, target).searchParams.get("part") : null;
    const fate = part === null ? "passes" : fateOf(part);
    if (fate === "breaks") return void request.socket.destroy();
    if (fate === "held") return void request.resume();
    const { "accept-encoding": _, ...passed } = headers;
    const onward = http.request(target + url, { method, headers: passed }, async (answer) => {
      const type = answer.headers["content-type"] ?? "";
      const { "content-length": __, ...own } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, own);
      // URLs of uploads lead through this line as well.
      if (type.startsWith("application/json"))
        return void response.end((await text(answer)).replaceAll(target, here));
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  return here;
}
