import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** One buffer for all pieces, small enough for a processor's cache (bench/NOTES.md). */
const PIECE = 256 * 1024;

/** Hex SHA-256 of a file's bytes. Rejects with the signal's reason when it is aborted. */
export async function fileDigest(path: string, signal?: AbortSignal): Promise<string> {
  await using file = await open(path);
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(PIECE);
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(piece, 0, PIECE, null);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(piece.subarray(0, bytesRead));
  }
}
