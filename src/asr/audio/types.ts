/** Sample rate of everything after the audio room. */
export const SAMPLE_RATE = 16_000;

/** What is known of a recording. `duration` is in seconds of audio that could really be decoded. */
export interface AudioFacts {
  /** Hex SHA-256 of the bytes as they came. */
  sha256: string;
  duration: number;
  /** Of the recording, before resampling. */
  sampleRate: number;
  /** Of the track that was read, before mixing; the number of tracks where each was read as a channel. */
  channels: number;
  /** ffmpeg's name of the codec: pcm_s16le, mp3, aac, opus… */
  codec: string;
}

/** Something a listener should know about a transcript that was made all the same. */
export interface AudioWarning {
  code: "truncated" | "decode_errors" | "invalid_samples" | "other_tracks" | "identical_channels";
  message: string;
  /** Second of the recording at which it shows. */
  at: number;
}

export interface AudioLimits {
  /** Bytes of the file. */
  maxBytes: number;
  /** Seconds of audio. */
  maxSeconds: number;
  /** Shortest recording that can be decoded, in seconds (0.085 for conv2d subsampling by 4). */
  minSeconds: number;
}

/** A path, the bytes themselves, or a stream of them (spooled to a temporary file, so that formats that need seeking work). */
export type AudioSource = string | Uint8Array | NodeJS.ReadableStream;

/** How recordings are read that are no 16 kHz 16-bit PCM WAV: short clips in threads, everything else by subprocesses. */
export interface AudioTools {
  /** Name or path of the binary; "ffmpeg" by default. */
  ffmpeg: string;
  /** Name or path of the binary; "ffprobe" by default. */
  ffprobe: string;
  /** Seconds ffprobe may take over the header; 20 by default. */
  probeSeconds: number;
  /** Seconds without any output after which a decoder that is being waited for is killed; 30 by default. */
  stallSeconds: number;
  /** Short FLAC, Ogg Opus and MP3 are decoded in this process; true by default. */
  clips: boolean;
  /** Their environment; by default that of this process, so that PATH finds them. */
  environment?: Record<string, string>;
}

export interface OpenAudioOptions {
  /** `split` gives every channel of one track apart, or, of several tracks of which none is chosen, every track. */
  channels: "mix" | "split";
  /** Which track of sound, from 1; the file's default one where it is left out. */
  track?: number | undefined;
  limits: AudioLimits;
  signal?: AbortSignal;
  tools?: Partial<AudioTools>;
  /** Where streams and bytes are spooled; the system's folder for temporary files by default. */
  temporaryFolder?: string;
}

/** A recording opened for one pass of reading. */
export interface AudioReader {
  /** Number of streams of samples in each chunk: 1 when mixed, else one per channel of the recording. */
  readonly outputChannels: number;
  /** What the header says of the length, in seconds; null when it does not say. For progress only. */
  readonly declaredDuration: number | null;
  /**
   * 16 kHz samples, in order; full scale is [-1, 1], which floats and lossy codecs go beyond. Each chunk holds `outputChannels` arrays of equal length, at most
   * 65,536 samples (4 s) each, which may be written over when the next chunk is asked for. That one is decoded only
   * then, so memory stays bounded.
   * Throws RecordingError (too_short, too_long, corrupt_media…) where reading shows it.
   */
  chunks(): AsyncIterable<Float32Array[]>;
  /** The facts, complete once `chunks()` has ended without an error. */
  facts(): AudioFacts;
  /** Warnings found so far. */
  warnings(): readonly AudioWarning[];
  /** Kill the subprocess, if any, and remove temporary files. Safe to call twice. */
  close(): Promise<void>;
}
