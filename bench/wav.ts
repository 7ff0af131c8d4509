/** 16 kHz mono PCM16 WAV, the one format the benchmarks make. */

const HEADER_BYTES = 44;
const RATE = 16_000;

/** The 44 bytes before `samples` 16-bit samples. */
export function wavHeader(samples: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const bytes = samples * 2;
  header.write("RIFF", 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + bytes, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // channels
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}

export function toWav(samples: Int16Array): Buffer {
  const body = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return Buffer.concat([wavHeader(samples.length), body]);
}

export function joinSamples(parts: readonly Int16Array[]): Int16Array {
  return joinInto(new Int16Array(lengthOf(parts)), parts);
}

/** The same for samples in [-1, 1]. */
export function joinFloats(parts: readonly Float32Array[]): Float32Array {
  return joinInto(new Float32Array(lengthOf(parts)), parts);
}

function lengthOf(parts: readonly { length: number }[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function joinInto<Samples extends Int16Array | Float32Array>(
  all: Samples,
  parts: readonly Samples[],
): Samples {
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
