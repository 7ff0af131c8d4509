import { BlobTooLargeError } from "../jobs/errors.ts";

/** The client has sent nothing for too long. */
export class UploadStalledError extends Error {
  constructor(seconds: number) {
    super(`Nothing was received for ${seconds} s. Send the whole recording again.`);
    this.name = "UploadStalledError";
  }
}

/** The connection ended before the body did. */
export class UploadCutError extends Error {
  constructor(options?: ErrorOptions) {
    super("The upload ended too early. Send the whole recording again.", options);
    this.name = "UploadCutError";
  }
}

/**
 * The body of a request as it comes in. What is left of it when the iteration ends early is left unread: canceling
 * the stream would close the connection before the answer.
 * Throws BlobTooLargeError beyond `maxBytes`, UploadStalledError, UploadCutError.
 */
export async function* readRequest(
  request: Request,
  { maxBytes, idleSeconds }: { maxBytes: number; idleSeconds: number },
): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader();
  let size = 0;
  for (;;) {
    const { value } = reader ? await readWithin(reader, idleSeconds) : {};
    if (!value) break;
    size += value.length;
    if (size > maxBytes) throw new BlobTooLargeError(maxBytes);
    yield value;
  }
  const announced = request.headers.get("Content-Length");
  if (announced !== null && Number(announced) !== size) throw new UploadCutError();
}

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  seconds: number,
): Promise<{ value?: Uint8Array | undefined }> {
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new UploadStalledError(seconds)), seconds * 1000);
  const read = reader.read().catch((cause) => {
    throw new UploadCutError({ cause });
  });
  try {
    return await Promise.race([read, stalled]);
  } finally {
    clearTimeout(timer);
  }
}
