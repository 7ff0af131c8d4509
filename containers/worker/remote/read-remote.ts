import type { IncomingMessage } from "node:http";
import { setTimeout as realPause } from "node:timers/promises";
import { resolveByDns } from "../../../src/net/checked-addresses.ts";
import { RemoteError, unreachable } from "./errors.ts";
import { type GetOptions, get } from "./get.ts";
import { type Identity, partOf, restHeaders } from "./part.ts";

export interface RemoteRecording {
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** Reads a recording that lies elsewhere as it comes in, once. Throws RemoteError, the signal's reason. */
export type ReadRemote = (
  recording: RemoteRecording,
  options: { maxBytes: number; allowLocal: boolean; signal: AbortSignal },
) => AsyncIterable<Uint8Array>;

export interface ReadRemoteOptions extends Partial<Pick<GetOptions, "resolve" | "idleSeconds">> {
  /** For all of it. */
  totalSeconds?: number;
  pause?: (ms: number) => Promise<unknown>;
}

/** Failures in a row, without a byte in between. */
const MOST_FAILURES = 4;
const FIRST_PAUSE_MS = 1000;

/**
 * Reads over HTTPS from public addresses. A connection that breaks or stands still is opened again where it was left
 * (Range, If-Range): at the same content, or it throws.
 */
export function makeReadRemote({
  resolve = resolveByDns,
  idleSeconds = 60,
  totalSeconds = 2 * 3600,
  pause = realPause,
}: ReadRemoteOptions = {}): ReadRemote {
  return async function* readRemote({ url, headers }, { maxBytes, allowLocal, signal }) {
    const { host } = new URL(url);
    const begun = performance.now();
    const secondsLeft = () => totalSeconds - (performance.now() - begun) / 1000;
    let at = 0;
    let failures = 0;
    let known: Identity | null = null;
    for (;;) {
      let response: IncomingMessage | null = null;
      try {
        const waiting = { resolve, allowLocal, idleSeconds, signal };
        response = await get(url, headers, restHeaders(at, known), waiting);
        const pieces: AsyncIterator<Uint8Array> = response[Symbol.asyncIterator]();
        const part = partOf(response, host, at, known);
        known ??= part.identity;
        if ((known.size ?? 0) > maxBytes) throw tooLarge(maxBytes);
        let skip = at - part.from;
        for (;;) {
          const next = await inTime(pieces.next(), Math.min(idleSeconds, secondsLeft()), host);
          if (next.done) return;
          const piece = next.value.subarray(Math.min(skip, next.value.length));
          skip -= next.value.length - piece.length;
          if (piece.length === 0) continue;
          at += piece.length;
          failures = 0;
          if (at > maxBytes) throw tooLarge(maxBytes);
          yield piece;
        }
      } catch (error) {
        signal.throwIfAborted();
        if (secondsLeft() <= 0) throw tooSlow(host, totalSeconds);
        const failure =
          error instanceof RemoteError
            ? error
            : unreachable(`The connection to ${host} broke off: ${(error as Error).message}.`, error);
        if (failure.lasting || ++failures > MOST_FAILURES) throw failure;
        await pause(FIRST_PAUSE_MS * 2 ** (failures - 1));
      } finally {
        // Also where whoever reads has had enough.
        response?.destroy();
      }
    }
  };
}

async function inTime<Result>(work: Promise<Result>, seconds: number, host: string): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(unreachable(`${host} sent nothing for ${Math.ceil(seconds)} s.`)),
    seconds * 1000,
  );
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(maxBytes: number): RemoteError {
  return new RemoteError("too_large", `The recording is larger than ${maxBytes} bytes.`, true);
}

function tooSlow(host: string, seconds: number): RemoteError {
  return new RemoteError(
    "source_unreachable",
    `${host} did not send the whole recording within ${seconds} s.`,
    true,
  );
}
