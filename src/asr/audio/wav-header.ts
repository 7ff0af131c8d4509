import type { FileHandle } from "node:fs/promises";
import { FORMAT_BYTES, parseFormat, sameFormat, type WavFormat } from "./wav-format.ts";

/** What a RIFF or RIFX WAVE file says of its sound. Sizes in bytes. */
export interface WavHeader extends WavFormat {
  /** Where the sound is, in order: one stretch, or more where there are several data chunks or joined files. */
  parts: readonly WavPart[];
  /** As the header says; null when it leaves the length open (until the end of the file). */
  dataBytes: number | null;
  /** Bytes of the sound that are really there. */
  presentBytes: number;
  /** Bytes after the last data chunk that are no chunks: sound that the header does not own up to. */
  strayBytes: number;
  /** Bytes of a file that was joined to this one in another format, which cannot be read with it. */
  foreignBytes: number;
}

export interface WavPart {
  start: number;
  /** Bytes that are there. */
  length: number;
}

/** More chunks than any recorder writes before the sound; a file of empty chunks must not keep us walking. */
const MAX_CHUNKS = 1_000;

/** More chunks than any archive joined into one file has. */
const MAX_CHUNKS_BEHIND = 100_000;

/**
 * Lengths that no file of this size can have, so they were never meant: 0 of a recorder that never came to write it,
 * and from 2 GiB − 4 KiB on what writers of pipes leave (SoX 7FFFF000, others 7FFFFFFF, 80000000, FFFFFFFF less a header).
 */
const OPEN_FROM = 0x7fff_f000;

/**
 * Walk the chunks of a file from `offset` on, past joined files and further data chunks. Null when that is no WAVE
 * file or lacks a usable `fmt ` or `data`.
 * @param start as many bytes from `offset` on as have been read already.
 */
export async function readWavHeader(
  file: FileHandle,
  fileSize: number,
  start: Uint8Array = new Uint8Array(),
  offset = 0,
): Promise<WavHeader | null> {
  const read = readerOf(file, start, offset);
  const riff = await read(offset, 12);
  const bigEndian = riff.toString("latin1", 0, 4) === "RIFX";
  if (!isWave(riff)) return null;
  const number = (bytes: Buffer) => (bigEndian ? bytes.readUInt32BE(4) : bytes.readUInt32LE(4));
  const walk: Walk = { format: null, parts: [], claimed: 0, open: false };
  let at = offset + 12;
  for (let chunk = 0; at + 8 <= fileSize; chunk++) {
    if (chunk >= (walk.parts.length === 0 ? MAX_CHUNKS : MAX_CHUNKS_BEHIND)) break;
    const head = await read(at, 12);
    const name = head.toString("latin1", 0, 4);
    const size = number(head);
    if (walk.parts.length > 0) {
      if (isWave(head)) {
        if ((head.toString("latin1", 0, 4) === "RIFX") !== bigEndian) break;
        at += 12;
        continue;
      }
      if (!isChunk(name, at + 8 + size, fileSize) && name !== "data") break;
    }
    if (name === "fmt ") {
      const format = parseFormat(await read(at + 8, Math.min(size, FORMAT_BYTES)), bigEndian);
      if (walk.format !== null && walk.parts.length > 0 && !sameFormat(walk.format, format)) break;
      walk.format = format;
    }
    if (name === "data") {
      if (walk.format === null) return null;
      addPart(walk, at + 8, size, fileSize);
      if (walk.open) break;
    }
    at += 8 + size;
    // Some writers leave out the byte that makes a chunk even.
    if ((size & 1) === 1 && !isWave(await read(at, 12))) at++;
  }
  const { format, parts } = walk;
  if (format === null || parts.length === 0) return null;
  const left = walk.open || at + 8 > fileSize ? 0 : fileSize - at;
  const foreign = left > 0 && (await isForeign(read, at));
  return {
    ...format,
    parts,
    dataBytes: walk.open ? null : walk.claimed,
    presentBytes: parts.reduce((sum, part) => sum + part.length, 0),
    strayBytes: foreign ? 0 : left,
    foreignBytes: foreign ? left : 0,
  };
}

interface Walk {
  format: WavFormat | null;
  parts: WavPart[];
  claimed: number;
  open: boolean;
}

function addPart(walk: Walk, start: number, size: number, fileSize: number): void {
  const available = Math.max(0, fileSize - start);
  walk.open = (size === 0 && walk.parts.length === 0) || (size >= OPEN_FROM && size > available);
  // Only the last part may end in the middle of a sample: what follows would be shifted.
  const { blockAlign } = walk.format!;
  const last = walk.parts.at(-1);
  if (last) last.length -= last.length % blockAlign;
  walk.parts.push({ start, length: walk.open ? available : Math.min(size, available) });
  walk.claimed += size;
}

function isWave(head: Buffer): boolean {
  return /^RIF[FX]$/.test(head.toString("latin1", 0, 4)) && head.toString("latin1", 8) === "WAVE";
}

/** Printable ASCII, as chunk names are; samples rarely look like that and also fit. */
function isChunk(name: string, end: number, fileSize: number): boolean {
  return /^[\x20-\x7e]{4}$/.test(name) && end <= fileSize + 1;
}

/** Whether it is a joined file, or the format of one, that made the walk stop. */
async function isForeign(read: Read, at: number): Promise<boolean> {
  const head = await read(at, 12);
  return isWave(head) || head.toString("latin1", 0, 4) === "fmt ";
}

/** As many bytes from a position on as there are, at most `length`. */
type Read = (position: number, length: number) => Promise<Buffer>;

function readerOf(file: FileHandle, start: Uint8Array, offset: number): Read {
  return async (position, length) => {
    const at = position - offset;
    if (at + length <= start.length) return Buffer.from(start.buffer, start.byteOffset + at, length);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
}
