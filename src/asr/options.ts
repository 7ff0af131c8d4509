import type { Clip } from "./audio/clip.ts";
import type { AudioLimits } from "./audio/types.ts";
import type { Hotword } from "./beam/hotwords.ts";
import type { LanguageWeights } from "./beam/language-scorer.ts";
import { EngineError } from "./errors.ts";
import type { ModelPack } from "./pack/load-pack.ts";
import { IMPORT_INSTEAD } from "./pack/remedy.ts";
import type { ReadableOptions } from "./readable/style.ts";
import type { SegmentationOptions } from "./segments/options.ts";

/** How far the transcription of a recording has come, in seconds of audio. */
export interface Progress {
  done: number;
  /** As the recording's header says; null where it does not. Becomes exact at the end. */
  total: number | null;
}

/** Options of one recording. Weights and beam default to the model pack's own; a WeNet export's weights cannot be changed. */
export interface TranscribeOptions extends ReadableOptions {
  /** `mix` (default) makes one track of all channels; `split` transcribes each by itself. */
  channels?: "mix" | "split";
  /** Which track of sound, from 1; default: the file's default one, or with `split` every track as a channel. */
  track?: number;
  /** Seconds of the recording that the part to be transcribed begins and ends with; default: all of it. Times stay those of the recording. */
  start?: number;
  end?: number;
  /** Weight of the CTC score beside the attention score. */
  ctcWeight?: number;
  /** Share of the right-to-left decoder in the attention score, 0 to 1. */
  reverseWeight?: number;
  /** Weight of the pack's language model in the search; 0 leaves it out. */
  languageModelWeight?: number;
  /** Prefixes kept by the CTC prefix beam search, 1 to 100. */
  beam?: number;
  /** Hypotheses returned for each segment, 1 (default) to 10, at most `beam`. */
  alternatives?: number;
  hotwords?: readonly Hotword[];
  /** Overrides of the segmentation's defaults, which come from the pack. */
  segmentation?: Partial<SegmentationOptions>;
  limits?: Partial<AudioLimits>;
  /** Stops the work and rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called as segments are finished and as silence is read, in order. */
  onProgress?: (progress: Progress) => void;
}

/** Decoding options with every default filled in. */
export interface DecodingOptions {
  ctcWeight: number;
  reverseWeight: number;
  beam: number;
  /** Tokens that the search tries in each frame. */
  candidates: number;
  /** Hypotheses that are rescored. */
  nbest: number;
  alternatives: number;
  language: LanguageWeights | null;
}

export const MOST_ALTERNATIVES = 10;
const MOST_BEAM = 100;

/** Fill in the pack's defaults and check the ranges. Throws EngineError invalid_option. */
export function decodingOptions(options: TranscribeOptions, pack: ModelPack): DecodingOptions {
  const { defaults } = pack.manifest;
  const ctcWeight = options.ctcWeight ?? defaults.ctc_weight;
  const reverseWeight = options.reverseWeight ?? defaults.reverse_weight;
  const beam = options.beam ?? defaults.beam;
  const alternatives = options.alternatives ?? 1;
  if (pack.wenet) {
    checkBakedIn("ctcWeight", ctcWeight, defaults.ctc_weight);
    checkBakedIn("reverseWeight", reverseWeight, defaults.reverse_weight);
  }
  check(ctcWeight >= 0 && ctcWeight <= 100, `ctcWeight must be from 0 to 100, not ${ctcWeight}`);
  check(reverseWeight >= 0 && reverseWeight <= 1, `reverseWeight must be from 0 to 1, not ${reverseWeight}`);
  check(isIntegerIn(beam, 1, MOST_BEAM), `beam must be a whole number from 1 to ${MOST_BEAM}, not ${beam}`);
  check(
    isIntegerIn(alternatives, 1, MOST_ALTERNATIVES),
    `alternatives must be a whole number from 1 to ${MOST_ALTERNATIVES}, not ${alternatives}`,
  );
  check(
    alternatives <= beam,
    `${alternatives} alternatives need a beam of at least ${alternatives}, not ${beam}`,
  );
  const language = languageWeights(options.languageModelWeight, pack);
  const candidates = candidatesFor(beam, pack);
  const nbest = Math.min(beam, Math.max(defaults.nbest ?? beam, alternatives));
  return { ctcWeight, reverseWeight, beam, candidates, nbest, alternatives, language };
}

/** As many tokens of a frame as prefixes, as WeNet has it; up to the pack's own beam no more than its graph selects. */
function candidatesFor(beam: number, { manifest }: ModelPack): number {
  return beam > manifest.defaults.beam ? beam : Math.min(beam, manifest.beam_candidates);
}

/** Null where the pack has no language model or it is not wanted. */
function languageWeights(wanted: number | undefined, { manifest }: ModelPack): LanguageWeights | null {
  const model = manifest.language_model;
  const weight = wanted ?? model?.weight ?? 0;
  check(weight >= 0 && weight <= 10, `languageModelWeight must be from 0 to 10, not ${weight}`);
  if (weight === 0) return null;
  if (!model) {
    const message = `languageModelWeight cannot be ${weight}: the model pack ${manifest.name} has no language model`;
    throw new EngineError("invalid_option", `${message}.`);
  }
  return { weight, priorWeight: model.prior_weight, tokenBonus: model.token_bonus };
}

function checkBakedIn(name: string, value: number, baked: number): void {
  if (value === baked) return;
  const why = `${name} cannot be ${value}: the decoder of this WeNet export was made with ${baked} and takes no other.`;
  throw new EngineError("invalid_option", `${why} ${IMPORT_INSTEAD}`);
}

/** Throws EngineError invalid_option for what is no number of a track. */
export function checkTrack(track: number | undefined): number | undefined {
  check(
    track === undefined || isIntegerIn(track, 1, 1000),
    `track must be a whole number from 1 on, not ${track}`,
  );
  return track;
}

/** Throws EngineError invalid_option where the part is none. */
export function checkClip({ start = 0, end }: Pick<TranscribeOptions, "start" | "end">): Clip {
  check(Number.isFinite(start) && start >= 0, `start must be 0 or more seconds, not ${start}`);
  check(end === undefined || end > start, `end must be after start, at ${start} s, not at ${end} s`);
  return { start, end: end ?? null };
}

function isIntegerIn(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new EngineError("invalid_option", `${message}.`);
}
