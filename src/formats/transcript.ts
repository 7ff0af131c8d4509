/**
 * The transcript as the API returns it, `scriptorium --format json` prints it, and results are stored.
 * Names are those of the JSON. Times are seconds from the start of the recording, to the millisecond;
 * confidences are probabilities in [0, 1], to four decimals, and null throughout where the model tells none.
 */
export interface Transcript {
  id: string;
  model: TranscriptModel;
  /** Seconds of audio. */
  duration: number;
  /** BCP 47. */
  language: string;
  /** The texts of all segments, in order of time, joined by spaces: as people write, unless bare words were asked for. */
  text: string;
  /** The same as it was heard. Absent in transcripts made before there was a difference. */
  verbatim_text?: string;
  /** Mean over the words, of the confidence of the segment each stands in; 0 where there is no word. */
  confidence: number | null;
  /** Only where the channels were transcribed apart: one entry for each channel of the recording, silent ones too. */
  channels?: TranscriptChannel[];
  /** By start, then by channel. */
  segments: TranscriptSegment[];
  /** By start, then by channel. Only where somebody put marks: without sentences there is nothing to divide. */
  paragraphs?: TranscriptParagraph[];
  audio: TranscriptAudio;
  timing: TranscriptTiming;
  /** What a reader should know of a transcript that was made all the same. Absent where there is nothing to say. */
  warnings?: TranscriptWarning[];
}

export interface TranscriptModel {
  name: string;
  version: string;
  /** What the graphs ran on. It stands with the model because it, too, can move the last digits of a score. */
  device: TranscriptDevice;
}

export type TranscriptDevice = "cpu" | "webgpu" | "cuda";

export interface TranscriptChannel {
  /** From 0, as in the segments. Written out for people (text, VTT), channels count from 1. */
  channel: number;
  text: string;
}

/** A stretch of speech. Its text is never blank. */
export interface TranscriptSegment {
  /** From 0, in the order of the list. */
  id: number;
  start: number;
  /** Greater than `start`. */
  end: number;
  text: string;
  confidence: number | null;
  /** From 0. Only where the channels were transcribed apart. */
  channel?: number;
  /** In order, without overlap, inside the segment. Empty where no times were asked for. */
  words: TranscriptWord[];
  /** The n-best as heard, the segment's own words first. Only where more than one was asked for. */
  alternatives?: Alternative[];
}

export interface TranscriptWord {
  /** As heard. */
  word: string;
  /** As the text has it, with the marks around it; empty where it is written with the word before: a number. */
  display?: string;
  start: number;
  /** Greater than `start`. */
  end: number;
  confidence: number | null;
}

/** Sentences that belong together. */
export interface TranscriptParagraph {
  start: number;
  /** Greater than `start`. */
  end: number;
  /** From 0. Only where the channels were transcribed apart. */
  channel?: number;
  sentences: TranscriptSentence[];
}

export interface TranscriptSentence {
  start: number;
  /** Greater than `start`. */
  end: number;
  text: string;
}

export interface Alternative {
  text: string;
  confidence: number | null;
}

export interface TranscriptAudio {
  /** Hex, of the bytes as they came. */
  sha256: string;
  /** Seconds that could be decoded. */
  duration: number;
  /** Hz, of the recording as it came. */
  sample_rate: number;
  /** Of the recording as it came. */
  channels: number;
  codec: string;
  /**
   * The largest sample of each of as many equal stretches of the recording, in percent of full scale: a thousand at most,
   * to draw it. Absent where nobody has looked.
   */
  peaks?: number[];
}

export interface TranscriptTiming {
  queued_ms: number;
  decode_ms: number;
  infer_ms: number;
  /** Real-time factor: (decode + infer) / duration of the audio. Under 1 is faster than speech. */
  rtf: number;
}

export interface TranscriptWarning {
  /** Machine-readable: truncated, decode_errors… */
  code: string;
  message: string;
  /** Second of the recording. */
  at: number;
}
