import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { MAX_CHUNK, noTrouble, type SampleStream } from "./sample-stream.ts";
import { refuse, type SourceFile } from "./source-file.ts";
import { SAMPLE_RATE } from "./types.ts";
import type { WavHeader } from "./wav-header.ts";

/** True for the one kind of file that is read without ffmpeg: 16 kHz 16-bit PCM, mono or stereo, of either byte order. */
export function isNative(wav: WavHeader): boolean {
  return (
    wav.formatTag === 1 &&
    wav.bitsPerSample === 16 &&
    wav.sampleRate === SAMPLE_RATE &&
    wav.channels <= 2 &&
    wav.blockAlign === wav.channels * 2
  );
}

/**
 * Read such a file chunk by chunk, and hash it on the way where nobody has yet. The signal's reason is thrown on
 * abort.
 */
export function readWav(source: SourceFile, wav: WavHeader, signal: AbortSignal): SampleStream {
  const outputChannels = wav.channels;
  const hash = source.sha256 === null ? createHash("sha256") : null;
  let file: FileHandle | null = null;
  const close = async () => {
    const opened = file;
    file = null;
    await opened?.close();
  };
  async function* chunks(): AsyncGenerator<Float32Array[]> {
    file = await open(source.path).catch((error) => refuse(error, source.label));
    const most = Math.min(MAX_CHUNK, Math.floor(wav.presentBytes / wav.blockAlign)); // frames
    const samples = new Int16Array(most * wav.channels);
    const bytes = new Uint8Array(samples.buffer); // samples of all channels in turn
    // Made once: fresh memory for every chunk costs more than the conversion.
    const outputs = Array.from({ length: outputChannels }, () => new Float32Array(most));
    // What is no samples is read through the same bytes to be hashed, so there must be some.
    const spare = bytes.length > 0 ? bytes : new Uint8Array(1024);
    let at = 0;
    for (const { start, length } of wav.parts) {
      if (hash) await hashPart(hash, file, spare, at, start, signal);
      at = start;
      while (at < start + length) {
        signal.throwIfAborted();
        const bytesRead = await readFully(file, bytes.subarray(0, start + length - at), at);
        signal.throwIfAborted();
        const frames = Math.floor(bytesRead / wav.blockAlign);
        if (frames === 0) break;
        at += frames * wav.blockAlign;
        hash?.update(bytes.subarray(0, frames * wav.blockAlign));
        if (wav.bigEndian) Buffer.from(samples.buffer).swap16();
        const chunk = outputs.map((output) => output.subarray(0, frames));
        separate(samples, chunk);
        yield chunk;
      }
    }
    if (hash) await hashPart(hash, file, spare, at, Number.POSITIVE_INFINITY, signal);
    await close();
  }
  const sha256 = hash && { sha256: () => hash.digest("hex") };
  return { outputChannels, chunks, ...sha256, trouble: noTrouble(), close };
}

/** Hash the file from one position to another, or to its end, piece by piece in the same bytes. */
async function hashPart(
  hash: Hash,
  file: FileHandle,
  bytes: Uint8Array,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<void> {
  for (let at = from; at < to; ) {
    const piece = bytes.subarray(0, to - at);
    const read = await readFully(file, piece, at);
    signal.throwIfAborted();
    if (read === 0) return;
    hash.update(piece.subarray(0, read));
    at += read;
  }
}

/** A short read is not yet the end of a file. */
async function readFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function separate(interleaved: Int16Array, channels: Float32Array[]): void {
  for (const [channel, samples] of channels.entries()) {
    for (let i = 0, j = channel; i < samples.length; i++, j += channels.length)
      samples[i] = interleaved[j]! / 32_768;
  }
}
