import type { Probe, ProbedStream } from "./probe.ts";
import type { WavHeader } from "./wav-header.ts";
import { xingDuration } from "./xing.ts";

/** What a recording says of its own length, in seconds. */
export interface Declared {
  /** null when it does not say, or when it could only be guessed. */
  seconds: number | null;
  /** As much of it as the file's size leaves room for: what limits and progress go by. */
  present: number | null;
  /** Written by whoever wrote the sound, so that less sound than this means that the file is cut off. */
  firm: boolean;
}

/** Containers whose header tells the length of the sound itself. Others tell what ffprobe found at the end. */
const FIRM = /^(mov|matroska|flac|aiff|au|caf|w64|wv|tta|ape)\b/;

const GUESSED = /Estimating duration from bitrate/;

export function declaredByWav(wav: WavHeader): Declared {
  const perSecond = wav.blockAlign * wav.sampleRate;
  const present = wav.presentBytes / perSecond;
  return { seconds: (wav.dataBytes ?? wav.presentBytes) / perSecond, present, firm: wav.dataBytes !== null };
}

/** @param start bytes from where the sound begins. */
export function declaredByProbe(probe: Probe, audio: ProbedStream, start: Uint8Array): Declared {
  if (probe.format === "mp3") {
    const seconds = xingDuration(start);
    return { seconds, present: seconds, firm: true };
  }
  if (GUESSED.test(probe.messages)) return { seconds: null, present: null, firm: false };
  const isAlone = probe.streams.length === 1;
  // The container's length may be that of the pictures; it counts for the sound only when nothing else is there.
  const ofSound = audio.end ?? (isAlone ? probe.duration : null);
  const seconds = ofSound ?? probe.duration;
  return { seconds, present: seconds, firm: ofSound !== null && FIRM.test(probe.format) };
}
