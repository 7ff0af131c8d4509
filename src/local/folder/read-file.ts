import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { ByteRange } from "../byte-range.ts";
import { unlessMissing } from "../storage-errors.ts";

const CHUNK_BYTES = 256 * 1024;
/** Neither follow a link nor wait for the other end of a pipe. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Null where it is no regular file. */
export async function openFile(path: string): Promise<{ handle: FileHandle; stats: BigIntStats } | null> {
  const handle = await unlessMissing(open(path, FLAGS));
  if (!handle) return null;
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.isFile()) return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return null;
}

/** The bytes of `range`, else all. Closes the file at the end, or where the iteration is left. */
export async function* readAll(
  handle: FileHandle,
  range: ByteRange | null = null,
): AsyncGenerator<Uint8Array> {
  let at = range?.from ?? 0;
  const end = range ? range.to + 1 : Number.POSITIVE_INFINITY;
  try {
    while (at < end) {
      const length = Math.min(CHUNK_BYTES, end - at);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
