import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** Hex SHA-256 of the bytes of a file of about this size. Rejects when the signal is aborted. */
export async function hashFile(path: string, size: number, signal: AbortSignal): Promise<string> {
  await using file = await open(path);
  const hash = createHash("sha256");
  // One buffer for all pieces, small enough for a processor's cache.
  const piece = Buffer.allocUnsafe(Math.min(256 * 1024, size));
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(piece, 0, piece.length, null);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(piece.subarray(0, bytesRead));
  }
}
