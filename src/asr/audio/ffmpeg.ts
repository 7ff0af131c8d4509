import { EngineError } from "../errors.ts";
import { MatroskaBlocks } from "./matroska-blocks.ts";
import { PcmSplitter } from "./pcm.ts";
import { corrupt } from "./refusals.ts";
import { type DecodeTrouble, noTrouble, type SampleStream } from "./sample-stream.ts";
import type { SourceFile } from "./source-file.ts";
import { StderrLog } from "./stderr-log.ts";
import { type Ending, type Subprocess, startSubprocess } from "./subprocess.ts";
import { Timeline } from "./timeline.ts";
import { timestampsFilter } from "./timestamps.ts";
import { confinedFeed, confinedInput } from "./tools.ts";
import { type AudioTools, SAMPLE_RATE } from "./types.ts";

export interface DecodeJob {
  file: SourceFile;
  /** What to feed the decoder with in place of the file: a WAV. */
  feed?: (() => AsyncIterable<Uint8Array>) | undefined;
  demuxer: string | null;
  /** Which stream of sound, from 0. */
  track: number;
  /** Its channels. */
  channels: number;
  /** Second at which the container starts; null where the stream of sound is all it holds. */
  origin: number | null;
  /** Codecs of the file's pictures, whose defects are no defects of the sound. */
  pictureCodecs: readonly string[];
  tools: AudioTools;
  signal: AbortSignal;
}

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
 * Decode one of a file's streams of sound with an ffmpeg subprocess, which starts with the first chunk asked for
 * and is throttled by its pipe: every channel of it, and silence where its times leave a gap. Throws corrupt_media
 * when it stalls or crashes, ffmpeg_missing, and the signal's reason on abort.
 */
export function decodeWithFfmpeg(job: DecodeJob, trouble: DecodeTrouble = noTrouble()): SampleStream {
  const { file, tools, signal, channels } = job;
  let running: Subprocess | null = null;

  async function* chunks(): AsyncGenerator<Float32Array[]> {
    signal.throwIfAborted();
    const log = new StderrLog(file.path, job.pictureCodecs);
    const blocks = new MatroskaBlocks();
    const timeline = new Timeline();
    const splitter = new PcmSplitter(channels, trouble);
    const process = startSubprocess(tools.ffmpeg, decodeArguments(job), {
      environment: tools.environment,
      signal,
      input: job.feed?.(),
      onStderr(text) {
        if (log.errorLines === 0) trouble.atSample = timeline.samples;
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
      for (let piece = await next(); !piece.done; piece = await next()) {
        for (const { milliseconds, data } of blocks.read(piece.value)) {
          yield* timeline.until(milliseconds, channels);
          for (const chunk of splitter.split(data, timeline.samples)) {
            timeline.wrote(chunk[0]!.length);
            yield chunk;
          }
        }
      }
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

  return { outputChannels: channels, chunks, trouble, close };
}

function decodeArguments({ file, feed, demuxer, track, channels, origin }: DecodeJob): string[] {
  return [
    ...["-nostdin", "-hide_banner", "-v", "error"],
    // Times as they are: ffmpeg's own mending of jumps would hide a gap of more than ten seconds.
    "-copyts",
    ...(feed ? confinedFeed("wav") : confinedInput(file.path, demuxer)),
    ...["-map", `0:a:${track}`, "-vn", "-sn", "-dn"],
    ...["-af", `${timestampsFilter(origin)},aresample=${SAMPLE_RATE}`],
    // Named even when it changes nothing: a stream that changes its channels midway must not shift them.
    ...["-ac", String(channels), "-ar", String(SAMPLE_RATE)],
    ...["-c:a", "pcm_f32le", "-f", "matroska", "pipe:1"],
  ];
}

function refuseCrash({ signal }: Ending, label: string): void {
  if (signal === null) return;
  if (CRASHES.has(signal)) throw corrupt(label, "makes the decoder crash.");
  // Somebody else killed it, for memory perhaps: another try may well succeed.
  throw new EngineError("engine_failed", `The decoder of ${label} was killed by ${signal}.`);
}
