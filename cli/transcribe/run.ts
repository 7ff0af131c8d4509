import { stat } from "node:fs/promises";
import {
  collect,
  EngineError,
  type TranscribeOptions,
  type Transcriber,
  type Transcription,
} from "../../src/asr/index.ts";
import { buildTranscript, type Transcript } from "../../src/formats/index.ts";
import { describeError } from "../describe-error.ts";
import type { Input } from "../inputs.ts";
import type { TranscribeCommandOptions } from "./options.ts";
import type { ProgressDisplay } from "./progress.ts";
import type { Results } from "./results.ts";
import { SEATS, Seats } from "./seats.ts";

export interface Work {
  inputs: readonly Input[];
  transcriber: Transcriber;
  options: TranscribeCommandOptions;
  results: Results;
  progress: ProgressDisplay;
  signal: AbortSignal;
}

/** Transcribe every input; a bad one is reported and the others go on. Returns how many failed. */
export async function transcribeAll(work: Work): Promise<number> {
  const { inputs, results, progress, signal } = work;
  const next = inputs.entries();
  const seats = new Seats();
  let failed = 0;
  const takeTurns = async () => {
    for (const [index, input] of next) {
      const leave = await seats.take(await sizeOf(input));
      try {
        signal.throwIfAborted();
        const transcript = await transcribeOne(input, work);
        await progress.aside(() => results.completed(index, input, transcript));
        progress.completed(input.path, transcript);
      } catch (error) {
        signal.throwIfAborted();
        // An option that makes no sense makes none for the next recording either.
        if (error instanceof EngineError && error.code === "invalid_option") throw error;
        failed++;
        const { code, message } = describeError(error);
        progress.failed(input.path, code, message);
        await progress.aside(() => results.failed(index, input, code, message));
      } finally {
        leave();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(SEATS, inputs.length) }, takeTurns));
  return failed;
}

/** Null for standard input, and where there is nothing to look at, which reading it tells about. */
async function sizeOf({ path }: Input): Promise<number | null> {
  return path === "-"
    ? null
    : stat(path).then(
        ({ size }) => size,
        () => null,
      );
}

async function transcribeOne(
  input: Input,
  { transcriber, options, progress, signal }: Work,
): Promise<Transcript> {
  const source = input.path === "-" ? process.stdin : input.path;
  const transcription = transcriber.transcribe(source, {
    ...decodingOf(options),
    signal,
    onProgress: (update) => progress.update(input.path, update),
  });
  const segments = await collect(transcription);
  return toTranscript(transcription, segments, transcriber, options);
}

function decodingOf(options: TranscribeCommandOptions): TranscribeOptions {
  const { channels, track, start, end, hotword, alternatives, maxSegment, minSilence } = options;
  const { ctcWeight, reverseWeight, lmWeight, beam } = options;
  const { formatText, punctuate, numerals, replace } = options;
  return {
    channels,
    ...(track !== undefined && { track }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(hotword && { hotwords: hotword }),
    ...(alternatives !== undefined && { alternatives }),
    formatText,
    // Not given, they follow formatText.
    ...(!punctuate && { punctuate }),
    ...(!numerals && { numerals }),
    ...(replace && { replace }),
    ...(ctcWeight !== undefined && { ctcWeight }),
    ...(reverseWeight !== undefined && { reverseWeight }),
    ...(lmWeight !== undefined && { languageModelWeight: lmWeight }),
    ...(beam !== undefined && { beam }),
    segmentation: {
      ...(maxSegment !== undefined && { maxSeconds: maxSegment }),
      ...(minSilence !== undefined && { minSilenceSeconds: minSilence }),
    },
  };
}

function toTranscript(
  transcription: Transcription,
  segments: Awaited<ReturnType<typeof collect>>,
  transcriber: Transcriber,
  options: TranscribeCommandOptions,
): Transcript {
  const { audio, timing, warnings } = transcription;
  const { name, version, device, languages } = transcriber.model;
  return buildTranscript({
    // The same bytes get the same id: there is no service here to hand one out.
    id: audio.sha256.slice(0, 32),
    model: { name, version, device },
    language: languages[0],
    channels: options.channels,
    segments,
    audio,
    timing: { queuedMs: 0, decodeMs: timing.decodeMs, inferMs: timing.inferMs },
    warnings,
  });
}
