import type { FileHandle } from "node:fs/promises";

/** What a RIFF WAVE file says of its sound. Sizes in bytes. */
export interface WavHeader {
  /** 1 is PCM, 3 is IEEE float, 6 A-law, 7 µ-law; WAVE_FORMAT_EXTENSIBLE is already resolved. */
  formatTag: number;
  channels: number;
  sampleRate: number;
  bitsPerSample: number;
  /** Bytes of one sample of all channels. */
  blockAlign: number;
  dataStart: number;
  /** As the header says; null when it leaves the length open (0 or 0xFFFFFFFF: until the end of the file). */
  dataBytes: number | null;
  /** Bytes of the sound that are really there. */
  presentBytes: number;
  /** Bytes after the data chunk that are no chunks: sound that the header does not own up to. */
  strayBytes: number;
}

const EXTENSIBLE = 0xfffe;

/** More chunks than any recorder writes; a file of empty chunks must not keep us walking. */
const MAX_CHUNKS = 1_000;

/**
 * Walk the chunks up to the sound. Null when the file is no plain RIFF WAVE or lacks a usable `fmt ` or `data`.
 * `start`: as many of its first bytes as have been read already.
 */
export async function readWavHeader(
  file: FileHandle,
  fileSize: number,
  start: Uint8Array = new Uint8Array(),
): Promise<WavHeader | null> {
  const read = readerOf(file, start);
  const riff = await read(0, 12);
  if (riff.length < 12 || riff.toString("latin1", 0, 4) !== "RIFF" || riff.toString("latin1", 8) !== "WAVE") {
    return null;
  }
  let format: Format | null = null;
  let at = 12;
  for (let chunk = 0; chunk < MAX_CHUNKS && at + 8 <= fileSize; chunk++) {
    const head = await read(at, 8);
    const name = head.toString("latin1", 0, 4);
    const size = head.readUInt32LE(4);
    if (name === "fmt ") format = parseFormat(await read(at + 8, Math.min(size, 40)));
    if (name === "data") return format && (await withData(read, fileSize, format, at + 8, size));
    at += 8 + size + (size & 1);
  }
  return null;
}

type Format = Pick<WavHeader, "formatTag" | "channels" | "sampleRate" | "bitsPerSample" | "blockAlign">;

function parseFormat(chunk: Buffer): Format | null {
  if (chunk.length < 16) return null;
  const tag = chunk.readUInt16LE(0);
  // The real tag of an extensible format is the beginning of its GUID.
  const formatTag = tag === EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : tag;
  const format = {
    formatTag,
    channels: chunk.readUInt16LE(2),
    sampleRate: chunk.readUInt32LE(4),
    blockAlign: chunk.readUInt16LE(12),
    bitsPerSample: chunk.readUInt16LE(14),
  };
  return format.channels > 0 && format.sampleRate > 0 && format.blockAlign > 0 ? format : null;
}

async function withData(
  read: Read,
  fileSize: number,
  format: Format,
  dataStart: number,
  size: number,
): Promise<WavHeader> {
  const available = fileSize - dataStart;
  // Recorders that never came to write the length leave 0, those that stream leave all ones.
  const dataBytes = size === 0 || size === 0xffff_ffff ? null : size;
  const presentBytes = Math.min(dataBytes ?? available, available);
  const after = dataStart + presentBytes + (presentBytes & 1);
  const strayBytes = dataBytes === null ? 0 : await bytesThatAreNoChunks(read, after, fileSize);
  return { ...format, dataStart, dataBytes, presentBytes, strayBytes };
}

async function bytesThatAreNoChunks(read: Read, from: number, fileSize: number): Promise<number> {
  let at = from;
  for (let chunk = 0; chunk < MAX_CHUNKS && at + 8 <= fileSize; chunk++) {
    const head = await read(at, 8);
    const end = at + 8 + head.readUInt32LE(4);
    // Printable ASCII, as chunk names are; samples rarely look like that and also fit.
    if (!/^[\x20-\x7e]{4}$/.test(head.toString("latin1", 0, 4)) || end > fileSize + 1) return fileSize - at;
    at = end + (end & 1);
  }
  return 0;
}

/** As many bytes from a position on as there are, at most `length`. */
type Read = (position: number, length: number) => Promise<Buffer>;

function readerOf(file: FileHandle, start: Uint8Array): Read {
  return async (position, length) => {
    if (position + length <= start.length)
      return Buffer.from(start.buffer, start.byteOffset + position, length);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
}
