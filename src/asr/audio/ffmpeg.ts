import { EngineError } from "../errors.ts";
import { PcmSplitter } from "./pcm.ts";
import { corrupt } from "./refusals.ts";
import { noTrouble, type SampleStream } from "./sample-stream.ts";
import type { SourceFile } from "./source-file.ts";
import { StderrLog } from "./stderr-log.ts";
import { type Ending, type Subprocess, startSubprocess } from "./subprocess.ts";
import { confinedInput } from "./tools.ts";
import { type AudioTools, SAMPLE_RATE } from "./types.ts";

export interface DecodeJob {
  file: SourceFile;
  demuxer: string | null;
  /** Channels of the recording. */
  channels: number;
  mix: boolean;
  /** Codecs of the file's pictures, whose defects are no defects of the sound. */
  pictureCodecs: readonly string[];
  tools: AudioTools;
  signal: AbortSignal;
}

/** ffmpeg knows how to fold layouts of up to 7.1; beyond, every channel counts alike. */
const MOST_CHANNELS_FOLDED = 8;

/** Signals with which a decoder dies of its input, as opposed to being killed from outside. */
const CRASHES = new Set<NodeJS.Signals>([
  "SIGSEGV",
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGILL",
  "SIGTRAP",
  "SIGSYS",
]);

/**
 * Decode a file's first stream of sound with an ffmpeg subprocess, which starts with the first chunk asked for
 * and is throttled by its pipe. Throws corrupt_media when it stalls or crashes, ffmpeg_missing, and the signal's
 * reason on abort.
 */
export function decodeWithFfmpeg(job: DecodeJob): SampleStream {
  const { file, tools, signal } = job;
  const foldHere = job.mix && job.channels > MOST_CHANNELS_FOLDED;
  const piped = job.mix && !foldHere ? 1 : job.channels; // channels in the pipe
  const trouble = noTrouble();
  let running: Subprocess | null = null;

  async function* chunks(): AsyncGenerator<Float32Array[]> {
    signal.throwIfAborted();
    const log = new StderrLog(file.path, job.pictureCodecs);
    const splitter = new PcmSplitter(piped, foldHere, trouble);
    const process = startSubprocess(tools.ffmpeg, decodeArguments(job, piped), {
      environment: tools.environment,
      signal,
      onStderr(text) {
        if (log.errorLines === 0) trouble.atSample = splitter.frames;
        log.add(text);
      },
    });
    running = process;
    let stalled = false;
    const pieces = process.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const next = async () => {
      // Only the time spent waiting counts: a slow reader is not a stalled decoder.
      const watchdog = setTimeout(() => {
        stalled = true;
        process.kill();
      }, tools.stallSeconds * 1000);
      return pieces.next().finally(() => clearTimeout(watchdog));
    };
    try {
      for (let piece = await next(); !piece.done; piece = await next()) yield* splitter.split(piece.value);
    } catch (error) {
      // Killing it breaks its pipe, which is no news; neither is the pipe of a tool that never started.
      if (!process.killed) await process.ended.then(() => Promise.reject(error));
    } finally {
      // Also reached when the reader breaks off in the middle.
      if (process.stdout.readableEnded === false) process.kill();
    }
    const ending = await process.ended;
    signal.throwIfAborted();
    if (stalled) throw corrupt(file.label, "stopped giving audio while it was decoded.");
    refuseCrash(ending, file.label);
    log.end();
    trouble.errorLines = log.errorLines;
    trouble.firstLine = log.firstLine;
    trouble.endedEarly = log.endedEarly;
    trouble.failed = ending.exitCode !== 0;
  }

  async function close(): Promise<void> {
    running?.kill();
    await running?.ended.catch(() => {});
  }

  return { outputChannels: job.mix ? 1 : job.channels, chunks, trouble, close };
}

function decodeArguments({ file, demuxer }: DecodeJob, channels: number): string[] {
  return [
    ...["-nostdin", "-hide_banner", "-v", "error"],
    ...confinedInput(file.path, demuxer),
    ...["-map", "0:a:0", "-vn", "-sn", "-dn"],
    // Without a maximum of 1, floats are folded by ×0.707 per channel and two equal ones clip.
    ...["-af", `aresample=${SAMPLE_RATE}:rematrix_maxval=1`],
    // Named even when it changes nothing: a stream that changes its channels midway must not shift them.
    ...["-ac", String(channels), "-ar", String(SAMPLE_RATE)],
    ...["-c:a", "pcm_f32le", "-f", "f32le", "pipe:1"],
  ];
}

function refuseCrash({ signal }: Ending, label: string): void {
  if (signal === null) return;
  if (CRASHES.has(signal)) throw corrupt(label, "makes the decoder crash.");
  // Somebody else killed it, for memory perhaps: another try may well succeed.
  throw new EngineError("engine_failed", `The decoder of ${label} was killed by ${signal}.`);
}
