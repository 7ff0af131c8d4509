import type { SampleStream } from "./sample-stream.ts";

/** The same stream, which notes whether all its channels hold the same sound, as those of a doubled mono recording do. */
export function watchedForTwins(stream: SampleStream): SampleStream {
  if (stream.outputChannels < 2) return stream;
  const { trouble } = stream;
  async function* chunks(): AsyncGenerator<Float32Array[]> {
    let same = true;
    let sounds = false;
    for await (const chunk of stream.chunks()) {
      if (same) {
        same = chunk.slice(1).every((samples) => isSame(samples, chunk[0]!));
        sounds ||= chunk[0]!.some((sample) => sample !== 0);
      }
      yield chunk;
    }
    trouble.twins = same && sounds;
  }
  return { ...stream, chunks };
}

function isSame(one: Float32Array, other: Float32Array): boolean {
  const bytes = (samples: Float32Array) =>
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return bytes(one).equals(bytes(other));
}
