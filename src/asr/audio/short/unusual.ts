/**
 * Something in a file is not as the plainest of its kind are: damage, a cut, or a rarely used feature. It says nothing
 * about the file to anyone but the caller, who leaves it to ffmpeg.
 */
export class Unusual extends Error {
  override readonly name = "Unusual";
}

/** Throws Unusual where `usual` does not hold. */
export function expectUsual(usual: boolean, what: string): asserts usual {
  if (!usual) throw new Unusual(what);
}

/** Samples as they were recorded, one array per channel, each good until the next is asked for. */
export interface NativeSamples {
  /** Never changes within a file. */
  sampleRate: number;
  channels: Float32Array[];
}
