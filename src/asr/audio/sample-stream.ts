/** What went wrong while decoding, short of an error. */
export interface DecodeTrouble {
  /** Complaints of the decoder about the sound. */
  errorLines: number;
  /** The first of them, without local paths; empty when there is none. */
  firstLine: string;
  /** Samples per channel already read when it came. */
  atSample: number;
  /** The container was found to stop before its end. */
  endedEarly: boolean;
  /** The decoder gave up with an error of its own. */
  failed: boolean;
  /** Samples that were NaN or infinite, now 0, over all channels. */
  invalidSamples: number;
  /** Where the first of them is, in samples per channel. */
  firstInvalid: number;
}

export function noTrouble(): DecodeTrouble {
  return {
    errorLines: 0,
    firstLine: "",
    atSample: 0,
    endedEarly: false,
    failed: false,
    invalidSamples: 0,
    firstInvalid: 0,
  };
}

/** A source of 16 kHz samples, native or ffmpeg. */
export interface SampleStream {
  readonly outputChannels: number;
  /**
   * Arrays of at most 65,536 samples, one per output channel, in order; to be called once. They may be
   * written over when the next are asked for.
   */
  chunks(): AsyncGenerator<Float32Array[]>;
  /** Hex SHA-256 of the file, once `chunks()` has ended: of a stream that has read all of it anyway. */
  sha256?(): string;
  /** Complete once `chunks()` has ended. */
  readonly trouble: DecodeTrouble;
  /** Ends the reading, whatever state it is in. Safe to call twice. */
  close(): Promise<void>;
}

/** The largest chunk, in samples per channel (4.096 s). */
export const MAX_CHUNK = 65_536;
