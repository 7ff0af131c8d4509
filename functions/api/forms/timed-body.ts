import { InvalidRequestError, ServiceError } from "../../../src/jobs/errors.ts";

export interface BodyLimits {
  /** Of all of it. */
  mostBytes: number;
  /** Seconds without a byte after which a client is given up. */
  idleSeconds: number;
  /** The error for a body of more bytes. */
  tooLarge: () => ServiceError;
}

/**
 * The body of a request as it comes in. Where the iteration ends early the rest is left unread: canceling it would close
 * the connection before the answer. Throws `tooLarge()`, ServiceError request_timeout, InvalidRequestError where it
 * broke off.
 */
export async function* timedBody(
  { body, headers }: Request,
  { mostBytes, idleSeconds, tooLarge }: BodyLimits,
): AsyncGenerator<Uint8Array> {
  if (Number(headers.get("content-length") ?? 0) > mostBytes) throw tooLarge();
  const reader = body?.getReader();
  for (let size = 0; ; ) {
    const { value } = reader ? await inTime(reader, idleSeconds) : {};
    if (!value) return;
    size += value.byteLength;
    if (size > mostBytes) throw tooLarge();
    yield value;
  }
}

async function inTime(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  seconds: number,
): Promise<{ value?: Uint8Array | undefined }> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const message = `Nothing came in for ${seconds} s. Send it again.`;
  const timer = setTimeout(() => reject(new ServiceError("request_timeout", message)), seconds * 1000);
  const read = reader.read().catch(() => {
    // Nobody hears this any more, but it is no fault of the service.
    throw new InvalidRequestError("The body broke off.");
  });
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
}
