import { type AudioReader, SAMPLE_RATE } from "./types.ts";

/** The part of a recording that is wanted, in seconds; `end` null: to its end. */
export interface Clip {
  start: number;
  end: number | null;
}

/**
 * The samples of the part alone. The rest is read as well, since the facts of the recording are those of all of it.
 */
export async function* clipped(
  chunks: ReturnType<AudioReader["chunks"]>,
  { start, end }: Clip,
): AsyncGenerator<Float32Array[]> {
  const from = Math.round(start * SAMPLE_RATE);
  const to = end === null ? Number.POSITIVE_INFINITY : Math.round(end * SAMPLE_RATE);
  let at = 0;
  for await (const chunk of chunks) {
    const length = chunk[0].length;
    const [begin, stop] = [Math.max(0, from - at), Math.min(length, to - at)];
    if (begin < stop) yield chunk.map((channel) => channel.subarray(begin, stop));
    at += length;
  }
}
