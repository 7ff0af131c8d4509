import { open } from "node:fs/promises";

/** A file's bytes in memory that threads share: read once, since Node cannot map a file. */
export async function readShared(path: string): Promise<SharedArrayBuffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const shared = new SharedArrayBuffer(size);
    const bytes = new Uint8Array(shared);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, size - at, at);
      // Cut short meanwhile; its reader, or its digest, will say so.
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return shared;
  } finally {
    await file.close();
  }
}
