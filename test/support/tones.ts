/** A sine of amplitude 0.5. */
export function tone(frequency: number, seconds: number, sampleRate = 16_000): Float32Array {
  const step = (2 * Math.PI * frequency) / sampleRate;
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => 0.5 * Math.sin(step * i));
}

/** Noise in [-1, 1), the same for the same seed. */
export function noise(length: number, seed = 1): Float32Array {
  const bytes = randomBytes(length * 2, seed);
  return Float32Array.from({ length }, (_, i) => bytes.readInt16LE(2 * i) / 32_768);
}

/** Bytes that look random and are the same for the same seed (xorshift32). */
export function randomBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed * 2_654_435_761;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

export function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** The share of the energy that is at one frequency: near 1 for a clean tone, near 0 for anything else. */
export function shareAt(frequency: number, samples: Float32Array, sampleRate = 16_000): number {
  const step = (2 * Math.PI * frequency) / sampleRate;
  let real = 0;
  let imaginary = 0;
  let energy = 0;
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    real += sample * Math.cos(step * i);
    imaginary += sample * Math.sin(step * i);
    energy += sample * sample;
  }
  return energy === 0 ? 0 : (2 * (real * real + imaginary * imaginary)) / (samples.length * energy);
}

/** Whether two sets of channels are the same to the bit; much faster than comparing element by element. */
export function sameSamples(left: readonly Float32Array[], right: readonly Float32Array[]): boolean {
  const bytes = (samples: Float32Array) =>
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return left.length === right.length && left.every((samples, i) => bytes(samples).equals(bytes(right[i]!)));
}
