import type { Command } from "commander";
import type { Hotword } from "../src/asr/index.ts";
import { wholeNumber } from "./numbers.ts";
import { addMetadata } from "./option-parsers.ts";
import {
  alternativesOption,
  channelsOption,
  endOption,
  hotwordOption,
  startOption,
  trackOption,
  type WritingFlags,
  writingOptions,
} from "./shared-options.ts";

/** What a deployment is told of each recording, one by one or in a batch. */
export interface RecordingOptions extends WritingFlags {
  language?: string;
  channels?: "mix" | "split";
  track?: number;
  start?: number;
  end?: number;
  hotword?: Hotword[];
  alternatives?: number;
  /** Commander's negation: false with --no-word-timestamps. */
  wordTimestamps: boolean;
  metadata?: Record<string, string>;
  webhook?: string;
  deleteAfter?: number;
  idempotencyKey?: string;
}

export function declareRecordingOptions(command: Command): Command {
  const declared = command
    .option("--webhook <url>", "where to send the event at the end")
    .option("--metadata <key=value>", "echoed in answers and webhooks; may be repeated", addMetadata)
    .option("--language <tag>", "BCP 47; default: the model's")
    .addOption(channelsOption("one transcript, or one per channel; default: mix"))
    .addOption(trackOption())
    .addOption(startOption())
    .addOption(endOption())
    .addOption(hotwordOption())
    .addOption(alternativesOption())
    .option("--no-word-timestamps", "leave the times of words out")
    .option("--delete-after <seconds>", "delete it so long after its end", wholeNumber)
    .option("--idempotency-key <key>", "the same key again gives the same thing; default: a fresh one");
  for (const option of writingOptions()) declared.addOption(option);
  return declared;
}

/** The members of a request. What was not said is left to the service. */
export function recordingRequest(options: RecordingOptions): Record<string, unknown> {
  const { language, channels, track, start, end, hotword, alternatives, wordTimestamps } = options;
  const { metadata, webhook, deleteAfter, formatText, punctuate, numerals, replace } = options;
  return {
    ...(language !== undefined && { language }),
    ...(channels && { channels }),
    ...(track !== undefined && { track }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(hotword && { hotwords: hotword }),
    ...(alternatives !== undefined && { alternatives }),
    ...(!wordTimestamps && { word_timestamps: false }),
    ...(!formatText && { format_text: false }),
    ...(!punctuate && { punctuate: false }),
    ...(!numerals && { numerals: false }),
    ...(replace && { replace }),
    ...(metadata && { metadata }),
    ...(webhook !== undefined && { webhook: { url: webhook } }),
    ...(deleteAfter !== undefined && { delete_after_seconds: deleteAfter }),
  };
}
