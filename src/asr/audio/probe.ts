import { RecordingError } from "../errors.ts";
import { corrupt } from "./refusals.ts";
import type { SourceFile } from "./source-file.ts";
import { StderrLog } from "./stderr-log.ts";
import { startSubprocess } from "./subprocess.ts";
import { confinedInput } from "./tools.ts";
import type { AudioTools } from "./types.ts";

/** What ffprobe tells of a file. Durations in seconds. */
export interface Probe {
  format: string;
  /** 0 to 100: how sure ffprobe is of the format. */
  score: number;
  duration: number | null;
  /** Time of the first thing in it, sound or picture; null where times mean nothing. */
  start: number | null;
  streams: ProbedStream[];
  /** What it complained of, without local paths. */
  messages: string;
}

export interface ProbedStream {
  type: string;
  codec: string;
  sampleRate: number;
  channels: number;
  /** ffmpeg's name, "5.1" for instance; null where it is not told. */
  layout: string | null;
  /** The one that players take of several. */
  isDefault: boolean;
  /** What the file calls it: its title or language; null where it does not. */
  name: string | null;
  /** Second at which it ends, counted from the container's start. */
  end: number | null;
}

/** More than any sane file's description takes. */
const MAX_OUTPUT = 1 << 20;

const ENTRIES = [
  "format=format_name,probe_score,duration,start_time",
  "stream=codec_type,codec_name,sample_rate,channels,channel_layout,duration,start_time",
  "stream_tags=DURATION,DURATION-eng,title,language",
  "stream_disposition=default",
].join(":");

/**
 * Describe a file with ffprobe. Throws unsupported_media when no allowed demuxer knows it, corrupt_media when
 * its magic bytes promise a format (`kind`) that cannot be read or when ffprobe gets nowhere in time, and
 * ffmpeg_missing.
 */
export async function probe(
  file: SourceFile,
  recognised: { kind: string | null; demuxer: string | null },
  tools: AudioTools,
  signal: AbortSignal,
): Promise<Probe> {
  signal.throwIfAborted();
  const log = new StderrLog(file.path);
  // Warnings, too: they tell guessed durations and sound kept in other files.
  const args = ["-v", "warning", "-hide_banner", "-show_entries", ENTRIES, "-of", "json"];
  const process = startSubprocess(tools.ffprobe, [...args, ...confinedInput(file.path, recognised.demuxer)], {
    environment: tools.environment,
    signal,
    onStderr: (text) => log.add(text),
  });
  const timer = setTimeout(process.kill, tools.probeSeconds * 1000);
  let json = "";
  try {
    for await (const piece of process.stdout.setEncoding("utf8")) {
      json += piece;
      if (json.length > MAX_OUTPUT) process.kill();
    }
  } catch (error) {
    // Killing it breaks its pipe, which is no news; neither is the pipe of a tool that never started.
    if (!process.killed) await process.ended.then(() => Promise.reject(error));
  } finally {
    clearTimeout(timer);
  }
  const { exitCode } = await process.ended;
  signal.throwIfAborted();
  log.end();
  if (process.killed) throw corrupt(file.label, "could not be made sense of in reasonable time.");
  if (exitCode === 0) return { ...parseProbe(json), messages: log.text };
  const known = recognised.kind !== null && !/not on whitelist/i.test(log.text);
  throw known
    ? corrupt(file.label, `looks like ${recognised.kind}, but cannot be read; it may be cut off or damaged.`)
    : unsupported(file.label);
}

export function unsupported(label: string): RecordingError {
  return new RecordingError(
    "unsupported_media",
    `${label} is not a recording in a format that can be read. Send wav, mp3, m4a, ogg, flac, webm or mp4.`,
  );
}

function parseProbe(json: string): Omit<Probe, "messages"> {
  const { format = {}, streams = [] } = JSON.parse(json) as {
    format?: Record<string, unknown>;
    streams?: Record<string, unknown>[];
  };
  const start = time(format.start_time);
  return {
    format: String(format.format_name ?? ""),
    score: Number(format.probe_score ?? 0),
    duration: seconds(format.duration),
    start,
    streams: streams.map((stream) => {
      const tags = (stream.tags ?? {}) as Record<string, unknown>;
      const lead = Math.max(0, (time(stream.start_time) ?? 0) - (start ?? 0));
      const duration = seconds(stream.duration);
      return {
        type: String(stream.codec_type ?? ""),
        codec: String(stream.codec_name ?? "unknown"),
        sampleRate: Number(stream.sample_rate ?? 0),
        channels: Number(stream.channels ?? 0),
        layout: typeof stream.channel_layout === "string" ? stream.channel_layout : null,
        isDefault: (stream.disposition as Record<string, unknown> | undefined)?.default === 1,
        name: trackName(tags),
        // Matroska's tag tells the end itself, where ffprobe may put the length of the whole file instead.
        end: clock(tags.DURATION ?? tags["DURATION-eng"]) ?? (duration && lead + duration),
      };
    }),
  };
}

/** Made harmless for a sentence: a file may call its tracks anything. */
function trackName(tags: Record<string, unknown>): string | null {
  const told = [tags.title, tags.language].find(
    (tag) => typeof tag === "string" && tag !== "" && tag !== "und",
  );
  if (told === undefined) return null;
  const plain = String(told).replace(/\p{Cc}/gu, "?");
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
}

function time(value: unknown): number | null {
  const number = typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

function seconds(value: unknown): number | null {
  const number = typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(number) && number > 0 ? number : null;
}

/** "00:01:02.500" → 62.5, as Matroska writes it. */
function clock(value: unknown): number | null {
  const match = typeof value === "string" ? /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(value) : null;
  return match === null ? null : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}
