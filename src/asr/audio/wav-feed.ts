import { open } from "node:fs/promises";
import type { SourceFile } from "./source-file.ts";
import type { WavFormat } from "./wav-format.ts";
import type { WavHeader } from "./wav-header.ts";

/** Bytes read at a time; a multiple of every size of sample. */
const PIECE = 1 << 18;

/** Where ffmpeg stops at the first stretch of a WAV's sound, or takes its byte order for noise. */
export function needsFeeding(wav: WavHeader): boolean {
  return wav.parts.length > 1 || wav.bigEndian;
}

/** The sound of a WAV as one plain stretch of little-endian samples under one header, for ffmpeg to be fed with. */
export async function* feedWav(file: SourceFile, wav: WavHeader): AsyncGenerator<Buffer> {
  yield header(wav);
  await using handle = await open(file.path);
  const sampleBytes = wav.bitsPerSample / 8;
  for (const { start, length } of wav.parts) {
    for (let at = start; at < start + length; ) {
      const most = Math.min(PIECE - (PIECE % sampleBytes), start + length - at);
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(most), 0, most, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const piece = buffer.subarray(0, bytesRead);
      yield wav.bigEndian ? reversed(piece, sampleBytes) : piece;
    }
  }
}

function header(wav: WavHeader): Buffer {
  const format = wav.bigEndian ? plainFormat(wav) : wav.chunk;
  const open = Buffer.alloc(4, 0xff);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(format.length);
  const [riff, wave, data] = ["RIFF", "WAVEfmt ", "data"].map((name) => Buffer.from(name));
  return Buffer.concat([riff!, open, wave!, size, format, data!, open]);
}

function plainFormat({ formatTag, channels, sampleRate, blockAlign, bitsPerSample }: WavFormat): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(formatTag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE((sampleRate * blockAlign) >>> 0, 8);
  format.writeUInt16LE(blockAlign, 12);
  format.writeUInt16LE(bitsPerSample, 14);
  return format;
}

/** Each sample's bytes in the other order. A sample that is cut off at the end of the file is left out. */
function reversed(bytes: Buffer, sampleBytes: number): Buffer {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % sampleBytes));
  for (let at = 0; at < whole.length; at += sampleBytes) whole.subarray(at, at + sampleBytes).reverse();
  return whole;
}
