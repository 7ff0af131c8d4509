import type { Declared } from "./declared.ts";
import { round } from "./refusals.ts";
import type { DecodeTrouble } from "./sample-stream.ts";
import { type AudioWarning, SAMPLE_RATE } from "./types.ts";

/** What was seen of a recording by the time its last sample was read. */
export interface Findings {
  label: string;
  /** Seconds decoded. */
  duration: number;
  declared: Declared;
  /** The end of the file is in the middle of something. */
  cut: boolean;
  trouble: DecodeTrouble;
}

/** Complaints this close to a cut come from the cut itself: the pipe lets the decoder run ahead by a few seconds. */
const NEAR_THE_END = 5;

/** Seconds of the declared length that may be missing: priming, padding and rounding of the codecs. */
export function tolerance(seconds: number): number {
  return Math.max(0.5, 0.01 * seconds);
}

/** The warnings that a whole reading gives rise to. */
export function warningsOf(found: Findings): AudioWarning[] {
  const { trouble, duration } = found;
  const truncated = truncation(found);
  const errorsAt = Math.min(duration, trouble.atSample / SAMPLE_RATE);
  const explained = truncated !== null && errorsAt >= duration - NEAR_THE_END;
  const warnings: AudioWarning[] = truncated === null ? [] : [truncated];
  if ((trouble.errorLines > 0 || trouble.failed) && !explained) {
    const detail = trouble.firstLine === "" ? "" : ` The decoder said: ${trouble.firstLine}`;
    warnings.push({
      code: "decode_errors",
      message: `${found.label} is damaged in places; what could be decoded was.${detail}`,
      at: errorsAt,
    });
  }
  if (trouble.invalidSamples > 0) {
    warnings.push({
      code: "invalid_samples",
      message: `${trouble.invalidSamples} samples were not numbers (NaN or infinite) and were taken for silence.`,
      at: trouble.firstInvalid / SAMPLE_RATE,
    });
  }
  return warnings;
}

function truncation({ label, duration, declared, cut, trouble }: Findings): AudioWarning | null {
  const { seconds } = declared;
  const lacks = declared.firm && seconds !== null && seconds - duration > tolerance(seconds);
  if (!lacks && !cut && !trouble.endedEarly) return null;
  const should = lacks ? `, although it should last ${round(seconds)} s` : "";
  return {
    code: "truncated",
    message: `${label} is cut off: its audio ends at ${round(duration)} s${should}.`,
    at: duration,
  };
}

/** For a WAV whose data chunk ends before the file does, with `strayBytes` that are no chunks behind it. */
export function understated(label: string, declared: Declared, straySeconds: number): AudioWarning[] {
  const at = declared.present ?? 0;
  if (straySeconds <= tolerance(at)) return [];
  const message = `The header of ${label} ends the audio at ${round(at)} s; bytes for about ${round(straySeconds)} s more were not read.`;
  return [{ code: "truncated", message, at }];
}

/** For a WAV that another one in another format was joined to. */
export function joinedInAnotherFormat(label: string, declared: Declared, bytes: number): AudioWarning[] {
  const at = declared.present ?? 0;
  const behind = `${bytes.toLocaleString("en")} bytes of another WAV in another format`;
  const message = `${label} goes on at ${round(at)} s with ${behind}, which were not read. Split it.`;
  return [{ code: "truncated", message, at }];
}
