import { readFile } from "node:fs/promises";
import { crc8, crc16, oggCrc } from "../../src/asr/audio/short/checksums.ts";
import type { HostileRecipe } from "./hostile-case.ts";

/**
 * Short FLAC, Ogg Opus and MP3 that are wrong where only a decoder looks: checksums are right and everything else is
 * not. After `hostileContainers`, whose whole files they are made of (six seconds).
 */
export async function hostileClips(sources: string): Promise<HostileRecipe[]> {
  const read = (name: string) => readFile(`${sources}/whole.${name}`);
  const [ogg, mp3] = [await read("ogg"), await read("mp3")];
  const pages = pagesOf(ogg);
  return [
    {
      name: "flac-of-silence-for-days.flac",
      make: flacOf(16_000, 65_535, 100_000),
      expect: { code: "too_long" },
      limits: { maxSeconds: 300 },
    },
    {
      name: "flac-at-one-hertz.flac",
      make: flacOf(1, 4096, 3),
      expect: { code: "corrupt_media" },
    },
    {
      name: "opus-with-a-page-lost.ogg",
      make: Buffer.concat(pages.toSpliced(10, 1)),
      expect: { ok: true, seconds: 6 },
    },
    {
      name: "opus-with-a-page-twice.ogg",
      make: Buffer.concat(pages.toSpliced(10, 0, pages[10]!)),
      expect: { ok: true, seconds: 6 },
    },
    {
      name: "opus-of-random-packets.ogg",
      make: Buffer.concat(pages.map((page, i) => (i < 2 ? page : resealed(scrambled(page))))),
      expect: { ok: true, seconds: 6, warnings: ["invalid_samples"] },
    },
    {
      name: "opus-without-end.ogg",
      make: Buffer.concat(pages.slice(0, -1)),
      expect: { ok: true, seconds: 6 },
    },
    {
      name: "opus-head-of-200-channels.ogg",
      make: Buffer.concat([resealed(with200Channels(pages[0]!)), ...pages.slice(1)]),
      expect: { code: "corrupt_media" },
    },
    {
      name: "mp3-twice.mp3",
      make: Buffer.concat([mp3, mp3]),
      expect: { ok: true, seconds: 12, warnings: ["decode_errors"] },
    },
  ];
}

/** A FLAC file of one channel whose frames say no more than that all is silent: 16 bytes each, rightly sealed. */
function flacOf(sampleRate: number, blockSize: number, frames: number): Buffer {
  const info = Buffer.alloc(42);
  info.write("fLaC", "latin1");
  info.writeUInt32BE(0x8000_0022, 4);
  info.writeUInt16BE(blockSize, 8);
  info.writeUInt16BE(blockSize, 10);
  info.writeUInt32BE(((sampleRate << 12) | (15 << 4)) >>> 0, 18);
  return Buffer.concat([
    info,
    ...Array.from({ length: frames }, (_, number) => silentFrame(number, blockSize)),
  ]);
}

function silentFrame(number: number, blockSize: number): Buffer {
  const head = [0xff, 0xf8, 0x70, 0x08, ...coded(number), (blockSize - 1) >> 8, (blockSize - 1) & 255];
  const header = [...head, crc8(Buffer.from(head), 0, head.length)];
  // A constant subframe of 16 bits, 0.
  const frame = [...header, 0, 0, 0];
  const sum = crc16(Buffer.from(frame), 0, frame.length);
  return Buffer.from([...frame, sum >> 8, sum & 255]);
}

/** As in UTF-8, for up to 21 bits. */
function coded(number: number): number[] {
  return [...Buffer.from(String.fromCodePoint(number < 0xd800 ? number : number + 0x800))];
}

function pagesOf(ogg: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = ogg.indexOf("OggS"); at >= 0; at = ogg.indexOf("OggS", at + 4)) starts.push(at);
  return starts.map((start, i) => ogg.subarray(start, starts[i + 1] ?? ogg.length));
}

/** The packets' contents turned around; their first bytes, which tell their lengths in time, stay. */
function scrambled(page: Buffer): Buffer {
  const copy = Buffer.from(page);
  let at = 27 + copy[26]!;
  for (const size of copy.subarray(27, 27 + copy[26]!)) {
    copy.subarray(at + 1, at + size).reverse();
    at += size;
  }
  return copy;
}

function with200Channels(page: Buffer): Buffer {
  const copy = Buffer.from(page);
  copy[28 + 9] = 200;
  return copy;
}

function resealed(page: Buffer): Buffer {
  page.writeUInt32LE(oggCrc(page), 22);
  return page;
}
