import { createMiddleware } from "hono/factory";
import { InvalidRequestError, ServiceError } from "../../../src/jobs/errors.ts";
import type { ApiEnvironment } from "../environment.ts";

const WITHOUT_BODY = ["GET", "HEAD", "OPTIONS"];

/**
 * Reads the body, whatever the call makes of it, up to the limits of size and time and no further. Throws
 * ServiceError too_large, request_timeout, InvalidRequestError.
 */
export function bodyLimit(mostBytes: number, mostSeconds: number) {
  return createMiddleware<ApiEnvironment>(async (context, next) => {
    const { raw } = context.req;
    if (!WITHOUT_BODY.includes(raw.method)) {
      if (Number(raw.headers.get("content-length") ?? 0) > mostBytes) throw tooLarge(mostBytes);
      context.set("bodyBytes", await inTime(readBody(raw.body, mostBytes), mostSeconds));
    }
    await next();
  });
}

async function readBody(
  body: ReadableStream<Uint8Array> | null,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.byteLength;
      if (size > mostBytes) throw tooLarge(mostBytes);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause;
    // Nobody hears this any more, but it is no fault of the service.
    throw new InvalidRequestError("The body broke off.");
  }
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** A body that trickles in would hold its connection for hours. */
async function inTime<Result>(reading: Promise<Result>, seconds: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(seconds)), seconds * 1000);
  });
  // Once it is late, nobody waits for how the reading ends.
  reading.catch(() => {});
  return Promise.race([reading, late]).finally(() => clearTimeout(timer));
}

function tooSlow(seconds: number): ServiceError {
  return new ServiceError("request_timeout", `The body did not come in within ${seconds} s. Send it again.`);
}

function tooLarge(mostBytes: number): ServiceError {
  return new ServiceError("too_large", `The body is larger than ${mostBytes} bytes.`, {
    limit_bytes: mostBytes,
  });
}
