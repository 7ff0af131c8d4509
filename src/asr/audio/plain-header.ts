import type { Declared } from "./declared.ts";
import { mpegFrameAt, startsWithMpegFrames } from "./mpeg-frame.ts";
import type { Sniffed } from "./sniff.ts";
import { xingDuration } from "./xing.ts";

/** What the first bytes of a file tell of its one track of sound. */
export interface PlainHeader {
  codec: string;
  sampleRate: number;
  channels: number;
  declared: Declared;
}

/** Rate at which Opus is decoded, whatever was recorded (RFC 7845). */
const OPUS_RATE = 48_000;

/** Channels by the mode of a frame of MPEG audio. */
const MPEG_MONO = 3;

/**
 * Read the header of the formats that most short recordings are in: FLAC, Ogg Opus, Ogg Vorbis and MP3, of one or two
 * channels and without pictures beside the sound. Null for everything else, and where a header is not as it should be:
 * ffprobe tells what to think of those. It spares a process for each file, half of what a voice message costs.
 * @param samples of an Ogg file, as its last page says.
 */
export function plainHeader({ kind, start }: Sniffed, samples: number | null): PlainHeader | null {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  const header =
    kind === "flac" ? flac(bytes) : kind === "ogg" ? ogg(bytes, samples) : kind === "mp3" ? mp3(bytes) : null;
  const isPlain =
    header !== null && header.sampleRate > 0 && (header.channels === 1 || header.channels === 2);
  return isPlain ? header : null;
}

/** STREAMINFO comes first: RFC 9639, 8.2. */
function flac(bytes: Buffer): PlainHeader | null {
  const isStreamInfo = bytes.length >= 42 && (bytes[4]! & 0x7f) === 0 && bytes.readUIntBE(5, 3) === 34;
  if (!isStreamInfo) return null;
  const sampleRate = bytes.readUIntBE(18, 3) >> 4;
  const channels = ((bytes[20]! >> 1) & 7) + 1;
  const samples = (bytes[21]! & 0x0f) * 2 ** 32 + bytes.readUInt32BE(22);
  const seconds = samples === 0 ? null : samples / sampleRate;
  return {
    codec: "flac",
    sampleRate,
    channels,
    declared: { seconds, present: seconds, firm: seconds !== null },
  };
}

/** An Ogg file of one logical stream: RFC 3533. Its length stands at its end only. */
function ogg(bytes: Buffer, samples: number | null): PlainHeader | null {
  const packet = 27 + bytes[26]!;
  const length = bytes[27] ?? 0; // of the first packet, which is shorter than a full lace
  const next = packet + length;
  if (bytes[26] !== 1 || bytes.toString("latin1", next, next + 4) !== "OggS") return null;
  const beginsAnotherStream = (bytes[next + 5]! & 2) !== 0;
  if (beginsAnotherStream) return null;
  if (bytes.toString("latin1", packet, packet + 8) === "OpusHead")
    return {
      codec: "opus",
      sampleRate: OPUS_RATE,
      channels: bytes[packet + 9]!,
      declared: lasting(samples, OPUS_RATE),
    };
  if (bytes.toString("latin1", packet, packet + 7) !== "\x01vorbis" || length < 30) return null;
  const sampleRate = bytes.readUInt32LE(packet + 12);
  return {
    codec: "vorbis",
    sampleRate,
    channels: bytes[packet + 11]!,
    declared: lasting(samples, sampleRate),
  };
}

/** The last page tells of its own stream only, and several may be joined: not to be called cut off by it. */
function lasting(samples: number | null, sampleRate: number): Declared {
  const seconds = samples === null ? null : samples / sampleRate;
  return { seconds, present: seconds, firm: false };
}

function mp3(bytes: Buffer): PlainHeader | null {
  const frame = mpegFrameAt(bytes, 0);
  const isLayer3 = frame !== null && ((bytes[1]! >> 1) & 3) === 1;
  if (!isLayer3 || !startsWithMpegFrames(bytes, 0)) return null;
  const seconds = xingDuration(bytes);
  const channels = bytes[3]! >> 6 === MPEG_MONO ? 1 : 2;
  return {
    codec: "mp3",
    sampleRate: frame.sampleRate,
    channels,
    declared: { seconds, present: seconds, firm: true },
  };
}
