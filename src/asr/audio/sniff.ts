import type { FileHandle } from "node:fs/promises";
import { startsWithMpegFrames } from "./mpeg-frame.ts";

/** What the first bytes show a file to be. */
export interface Sniffed {
  /** The family of containers, "playlist" for what only points at sound elsewhere, null when unknown. */
  kind: string | null;
  /** ffmpeg's demuxer, named only where a long tag would hide the sound from its own probing. */
  demuxer: string | null;
  /** Bytes from where the sound begins, after ID3 tags. */
  start: Uint8Array;
  /** Bytes of the tags before it. */
  offset: number;
}

const HEAD = 64 * 1024;

/** [kind, offset, bytes in latin1], first match wins. */
const MAGIC: readonly (readonly [string, number, string])[] = [
  ["wav", 8, "WAVE"],
  ["avi", 8, "AVI "],
  ["w64", 0, "riff\x2e\x91\xcf\x11"],
  ["ogg", 0, "OggS"],
  ["flac", 0, "fLaC"],
  ["matroska", 0, "\x1a\x45\xdf\xa3"],
  ["mov", 4, "ftyp"],
  ["mov", 4, "moov"],
  ["mov", 4, "mdat"],
  ["mov", 4, "wide"],
  ["amr", 0, "#!AMR"],
  ["aiff", 8, "AIFF"],
  ["aiff", 8, "AIFC"],
  ["au", 0, ".snd"],
  ["caf", 0, "caff"],
  ["asf", 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"],
  ["flv", 0, "FLV\x01"],
  ["mpeg", 0, "\x00\x00\x01\xba"],
  ["ac3", 0, "\x0b\x77"],
  ["wv", 0, "wvpk"],
  ["tta", 0, "TTA1"],
  ["voc", 0, "Creative Voice File\x1a"],
  ["nistsphere", 0, "NIST_1A\n"],
];

/** Texts that name other files or addresses. ffmpeg could not open them anyway; this says so in plain words. */
const PLAYLIST =
  /^(\ufeff|\u00ef\u00bb\u00bf)?\s*(#EXTM3U|ffconcat |v=0\r?\n|\[playlist\]|\[reference\]|<\?xml|<MPD|<asx|<smil)/i;

/** Look at the first bytes of a file, and past its ID3 tags. */
export async function sniff(file: FileHandle): Promise<Sniffed> {
  let at = 0;
  let start = await readAt(file, at);
  // Some taggers stack a second tag on the first; more than a few is a trick.
  for (let tags = 0; tags < 4 && id3Length(start) > 0; tags++) {
    at += id3Length(start);
    start = await readAt(file, at);
  }
  const kind = kindOf(start);
  if (at === 0) return { kind, demuxer: null, start, offset: 0 };
  // Taggers put their tag before anything; mp3 is what players assume where nothing else shows.
  const taken = kind !== null && kind !== "playlist" ? kind : "mp3";
  return { kind: taken, demuxer: taken, start, offset: at };
}

function kindOf(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString("latin1");
  for (const [kind, offset, magic] of MAGIC) if (text.startsWith(magic, offset)) return kind;
  if (PLAYLIST.test(text)) return "playlist";
  if (bytes[0] === 0x47 && bytes[188] === 0x47 && bytes[376] === 0x47) return "mpegts";
  if (startsWithMpegFrames(bytes, 0)) return "mp3";
  return startsWithAdtsFrames(bytes) ? "aac" : null;
}

function startsWithAdtsFrames(bytes: Uint8Array): boolean {
  const isFrame = (at: number) => bytes[at] === 0xff && (bytes[at + 1]! & 0xf6) === 0xf0;
  if (!isFrame(0)) return false;
  const length = ((bytes[3]! & 3) << 11) | (bytes[4]! << 3) | (bytes[5]! >> 5);
  return length > 7 && isFrame(length);
}

/** Bytes of an ID3v2 tag, header and footer included; 0 when there is none. */
function id3Length(bytes: Uint8Array): number {
  const isTag = bytes.length > 10 && bytes[0] === 0x49 && bytes[1] === 0x44 && bytes[2] === 0x33;
  if (!isTag) return 0;
  const size = (bytes[6]! << 21) | (bytes[7]! << 14) | (bytes[8]! << 7) | bytes[9]!;
  const footer = (bytes[5]! & 0x10) === 0 ? 0 : 10;
  return 10 + size + footer;
}

async function readAt(file: FileHandle, position: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await file.read(new Uint8Array(HEAD), 0, HEAD, position);
  return buffer.subarray(0, bytesRead);
}
