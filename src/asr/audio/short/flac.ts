import { SLACK } from "./bit-reader.ts";
import { FlacFrames, type StreamInfo } from "./flac-frames.ts";
import { expectUsual, type NativeSamples } from "./unusual.ts";

/** More than a person's voice was ever kept in; 32 bits need wider arithmetic. */
const MOST_BITS = 24;

/** Metadata blocks before the sound. */
const MOST_BLOCKS = 128;

/**
 * Decode a FLAC file (RFC 9639) from `start` on, frame by frame; exactly the samples that were encoded. Throws
 * Unusual for anything but a whole, undamaged file of one or two channels of up to 24 bits, and where its checksums,
 * frame numbers or length disagree.
 */
export function* decodeFlac(file: Uint8Array, start: number): Generator<NativeSamples> {
  const bytes = new Uint8Array(file.length - start + SLACK);
  bytes.set(file.subarray(start));
  const length = file.length - start;
  const { info, at } = readMetadata(bytes, length);
  const frames = new FlacFrames(bytes, length, at, info);
  const outputs = Array.from({ length: info.channels }, () => new Float32Array(info.largestBlock));
  const scale = 2 ** (1 - info.bitsPerSample);
  let samples = 0;
  for (;;) {
    const block = frames.next();
    if (block === null) break;
    samples += block.length;
    yield {
      sampleRate: info.sampleRate,
      channels: outputs.map((output, channel) => {
        const values = block.channels[channel]!;
        for (let i = 0; i < block.length; i++) output[i] = values[i]! * scale;
        return output.subarray(0, block.length);
      }),
    };
  }
  expectUsual(info.total === 0 || info.total === samples, "another length than its header says");
}

function readMetadata(bytes: Uint8Array, length: number): { info: StreamInfo; at: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  let info: StreamInfo | null = null;
  let at = 4;
  for (let block = 0; ; block++) {
    expectUsual(block < MOST_BLOCKS && at + 4 <= length, "no end of its metadata");
    const head = view.getUint32(at);
    const size = head & 0xff_ffff;
    const type = (head >>> 24) & 0x7f;
    expectUsual(at + 4 + size <= length, "metadata that is cut off");
    expectUsual((type === 0) === (block === 0), "another order of metadata");
    if (type === 0) info = streamInfo(view, at + 4, size);
    at += 4 + size;
    if (head >>> 31 === 1) break;
  }
  return { info: info!, at };
}

function streamInfo(view: DataView, at: number, size: number): StreamInfo {
  expectUsual(size === 34, "another size of STREAMINFO");
  const packed = view.getUint32(at + 10); // rate: 20 bits, channels: 3, bits per sample: 5, total: 36
  const info = {
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bitsPerSample: ((packed >>> 4) & 31) + 1,
    largestBlock: view.getUint16(at + 2),
    total: (packed & 15) * 2 ** 32 + view.getUint32(at + 14),
  };
  const usual = info.sampleRate > 0 && info.channels <= 2 && info.bitsPerSample <= MOST_BITS;
  expectUsual(usual && info.largestBlock >= 16, "another kind of sound");
  return info;
}
