import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { ApiEnvironment } from "../environment.ts";

const compress = promisify(gzip);

/** Text; no event streams, which are to arrive as they come. */
const COMPRESSIBLE =
  /^(application\/(json|jsonl|problem\+json|x-subrip)|text\/(plain|html|css|javascript|vtt)|image\/svg\+xml)\b/;
/** Less would hardly become shorter. */
const LEAST_BYTES = 1024;

/** Text of more than a kilobyte comes compressed to whoever takes gzip; it is packed off the loop. */
export const compressed = createMiddleware<ApiEnvironment>(async (context, next) => {
  await next();
  if (!isCompressible(context)) return;
  const answer = context.res;
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = new Headers(answer.headers);
  headers.append("vary", "Accept-Encoding");
  const isPacked = body.length >= LEAST_BYTES && takesGzip(context.req.header("accept-encoding"));
  const packed = isPacked ? await compress(body, { level: constants.Z_BEST_SPEED + 3 }) : body;
  headers.set("content-length", String(packed.length));
  if (isPacked) {
    headers.set("content-encoding", "gzip");
    // The same content, in other bytes.
    const etag = headers.get("etag");
    if (etag && !etag.startsWith("W/")) headers.set("etag", `W/${etag}`);
  }
  // Setting `res` would merge the old headers in.
  context.res = undefined;
  context.res = new Response(packed, { status: answer.status, headers });
});

function isCompressible({ req, res }: Context<ApiEnvironment>): boolean {
  return (
    req.method !== "HEAD" &&
    res.body !== null &&
    res.status !== 206 &&
    !res.headers.has("content-encoding") &&
    COMPRESSIBLE.test(res.headers.get("content-type") ?? "")
  );
}

/** RFC 9110, 12.5.3: by name, or by `*`, and not with a quality of 0. */
function takesGzip(accepted: string | undefined): boolean {
  const codings = (accepted ?? "").split(",").map((coding) =>
    coding
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  );
  const found =
    codings.find(([name]) => name === "gzip" || name === "x-gzip") ?? codings.find(([name]) => name === "*");
  return found !== undefined && !found.slice(1).some((parameter) => /^q=0(\.0*)?$/.test(parameter));
}
