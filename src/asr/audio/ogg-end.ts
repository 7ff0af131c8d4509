import type { FileHandle } from "node:fs/promises";

/** A page is at most 27 + 255 + 255 × 255 bytes, so this much from the end always holds a page's beginning. */
const LARGEST_PAGE = 65_307;

/**
 * True when an Ogg file's last page is cut off. An Ogg header tells no length, and ffprobe takes the last whole
 * page for the end, so this is the only sign of truncation. (A missing end-of-stream flag is not one: live
 * recorders never set it.)
 */
export async function oggIsCut(file: FileHandle, fileSize: number): Promise<boolean> {
  const length = Math.min(fileSize, LARGEST_PAGE);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, fileSize - length);
  const tail = buffer.subarray(0, bytesRead);
  const page = tail.lastIndexOf("OggS", undefined, "latin1");
  if (page < 0) return false;
  if (page + 27 > tail.length) return true;
  const segments = tail[page + 26]!;
  const lacing = tail.subarray(page + 27, page + 27 + segments);
  if (lacing.length < segments) return true;
  const body = lacing.reduce((sum, size) => sum + size, 0);
  return page + 27 + segments + body > tail.length;
}
