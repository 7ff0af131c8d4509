import { createHash } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addAbortSignal, Readable } from "node:stream";
import { EngineError } from "../errors.ts";
import { tooLarge } from "./refusals.ts";

/** A recording written to a temporary file of its own. */
export interface SpooledFile {
  path: string;
  size: number;
  /** Hex SHA-256, taken while writing. */
  sha256: string;
  remove(): Promise<void>;
}

export interface SpoolOptions {
  maxBytes: number;
  folder: string | undefined;
  signal: AbortSignal | undefined;
}

/**
 * Write a stream, or bytes, to a temporary file, holding one piece of it in memory at a time.
 * Throws too_large as soon as `maxBytes` is passed, the signal's reason when aborted, engine_failed when the
 * disk refuses, and whatever error the source itself ends with. Nothing is left behind when it throws.
 */
export async function spool(
  source: NodeJS.ReadableStream | Uint8Array,
  { maxBytes, folder: parent, signal }: SpoolOptions,
): Promise<SpooledFile> {
  signal?.throwIfAborted();
  if (source instanceof Uint8Array && source.length > maxBytes) throw tooLarge(maxBytes);
  const folder = await mkdtemp(join(parent ?? tmpdir(), "scriptorium-")).catch(diskRefused);
  const path = join(folder, "recording");
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const hash = createHash("sha256");
  let size = 0;
  try {
    await using file = await open(path, "wx", 0o600).catch(diskRefused);
    for await (const piece of piecesOf(source, signal)) {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      size += bytes.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      hash.update(bytes);
      await file.appendFile(bytes).catch(diskRefused);
    }
    signal?.throwIfAborted();
  } catch (error) {
    await remove();
    throw signal?.aborted ? signal.reason : error;
  }
  return { path, size, sha256: hash.digest("hex"), remove };
}

function piecesOf(
  source: NodeJS.ReadableStream | Uint8Array,
  signal: AbortSignal | undefined,
): AsyncIterable<string | Uint8Array> | Iterable<Uint8Array> {
  if (source instanceof Uint8Array) return slices(source);
  const stream = source instanceof Readable ? source : Readable.from(source);
  // An abort must end the wait for a source that has stopped sending.
  return signal === undefined ? stream : addAbortSignal(signal, stream);
}

/** Pieces of 1 MiB, so that hashing and writing take turns with everything else. */
function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20));
}

/** A full disk is not the recording's fault. */
function diskRefused(cause: unknown): never {
  throw new EngineError("engine_failed", "The recording could not be written to a temporary file.", {
    cause,
  });
}
