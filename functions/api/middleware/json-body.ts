import { createMiddleware } from "hono/factory";
import { InvalidRequestError } from "../../../src/jobs/errors.ts";
import type { ApiEnvironment } from "../environment.ts";
import { checkJsonText } from "../json-text.ts";
import { HttpProblemError } from "../problems.ts";

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

/**
 * The body as JSON that is fit to be validated. `optional`: no body at all means an empty object. Throws
 * HttpProblemError unsupported_media_type, InvalidRequestError.
 */
export function jsonBody({ optional }: { optional: boolean }) {
  return createMiddleware<ApiEnvironment>(async (context, next) => {
    const bytes = context.get("bodyBytes");
    const type = context.req.header("content-type");
    const absent = bytes.byteLength === 0;
    if (type === undefined ? !absent : !JSON_TYPE.test(type))
      throw new HttpProblemError("unsupported_media_type", "Send JSON with Content-Type: application/json.");
    if (absent && !optional) throw new InvalidRequestError("The body is empty.");
    const text = absent ? "{}" : decode(bytes);
    checkJsonText(text);
    // The body was read to its end: the validator of the route gets a request with another.
    const { url, method, raw } = context.req;
    const headers = new Headers(raw.headers);
    headers.set("content-type", "application/json");
    context.req.raw = new Request(url, { method, headers, body: text });
    await next();
  });
}

function decode(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidRequestError("The body is not UTF-8.");
  }
}
