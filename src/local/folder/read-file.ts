import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
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

/** Closes the file at the end, or where the iteration is left. */
export async function* readAll(handle: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const { buffer, bytesRead } = await handle.read(
        Buffer.allocUnsafeSlow(CHUNK_BYTES),
        0,
        CHUNK_BYTES,
        null,
      );
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
