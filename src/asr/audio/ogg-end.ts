import type { FileHandle } from "node:fs/promises";

/** A page is at most 27 + 255 + 255 × 255 bytes, so this much from the end always holds a page's beginning. */
const LARGEST_PAGE = 65_307;

export interface OggEnd {
  /**
   * The last page is cut off. An Ogg header tells no length, and ffprobe takes the last whole page for the end, so
   * this is the only sign of truncation. (A missing end-of-stream flag is not one: live recorders never set it.)
   */
  cut: boolean;
  /** Samples up to the end, as the last page says; null where it does not. */
  samples: number | null;
}

/** Look at the last page of an Ogg file. */
export async function oggEnd(file: FileHandle, fileSize: number): Promise<OggEnd> {
  const length = Math.min(fileSize, LARGEST_PAGE);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, fileSize - length);
  const tail = buffer.subarray(0, bytesRead);
  const page = tail.lastIndexOf("OggS", undefined, "latin1");
  if (page < 0) return { cut: false, samples: null };
  if (page + 27 > tail.length) return { cut: true, samples: null };
  // −1 where no packet ends in this page.
  const position = Number(tail.readBigInt64LE(page + 6));
  const samples = position > 0 ? position : null;
  const segments = tail[page + 26]!;
  const lacing = tail.subarray(page + 27, page + 27 + segments);
  if (lacing.length < segments) return { cut: true, samples };
  const body = lacing.reduce((sum, size) => sum + size, 0);
  return { cut: page + 27 + segments + body > tail.length, samples };
}
