import { MPEGDecoder } from "mpg123-decoder";
import { walkMp3 } from "./mp3-frames.ts";
import { expectUsual, type NativeSamples } from "./unusual.ts";

/** Bytes that are decoded at a time; a second of sound or more. */
const PIECE = 16 * 1024;

/**
 * Decode an mp3 file with libmpg123 from `start` on, without the silence that the encoder put before and behind the
 * sound where its tag tells. Throws Unusual for anything but whole frames of one kind.
 */
export async function* decodeMp3(file: Uint8Array, start: number): AsyncGenerator<NativeSamples> {
  const { end, sampleRate, channels } = walkMp3(file, start);
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    for (let at = start; at < end; at += PIECE) {
      const decoded = decoder.decode(file.subarray(at, Math.min(end, at + PIECE)));
      expectUsual(decoded.errors.length === 0, "frames that cannot be decoded");
      if (decoded.samplesDecoded === 0) continue;
      expectUsual(decoded.sampleRate === sampleRate, "another rate than its header says");
      // Always two of them, alike where there is one.
      yield { sampleRate, channels: decoded.channelData.slice(0, channels) };
    }
  } finally {
    decoder.free();
  }
}
