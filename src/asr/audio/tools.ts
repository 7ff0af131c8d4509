import { EngineError } from "../errors.ts";
import type { AudioTools } from "./types.ts";

/**
 * The only demuxers that may ever run: containers that hold their sound themselves. Playlists and scripts
 * (hls, dash, concat, sdp, image2…) are absent, so no recording can make ffmpeg open another file or a URL.
 * Headerless formats are absent too: their probes match noise. Names unknown to an ffmpeg do no harm.
 */
const DEMUXERS = [
  "wav,w64,aiff,au,caf,voc,nistsphere",
  "mp3,aac,loas,ac3,eac3,amr",
  "flac,ape,wv,tta,ogg,matroska,webm",
  "mov,mp4,m4a,3gp,3g2,mj2",
  "asf,asf_o,avi,flv,mpeg,mpegts,mxf",
].join(",");

/** A single allocation larger than this is a lie in a header; pictures in tags stay well below. */
const MAX_ALLOCATION = 512 * 1024 * 1024;

/** The options, common to ffprobe and ffmpeg, that confine what an input may do. */
export function confinedInput(path: string, demuxer: string | null): string[] {
  // The file: prefix keeps a name such as "pipe:0" or "-y" from being anything but a name.
  return [...confined("file"), ...(demuxer === null ? [] : ["-f", demuxer]), "-i", `file:${path}`];
}

/** The same for an input that ffmpeg is fed with. */
export function confinedFeed(demuxer: string): string[] {
  return [...confined("pipe"), "-f", demuxer, "-i", "pipe:0"];
}

function confined(protocol: string): string[] {
  const limits = ["-max_alloc", String(MAX_ALLOCATION), "-threads", "1"];
  return [...limits, "-protocol_whitelist", protocol, "-format_whitelist", DEMUXERS];
}

export function withDefaults(tools: Partial<AudioTools> | undefined): AudioTools {
  return { ffmpeg: "ffmpeg", ffprobe: "ffprobe", probeSeconds: 20, stallSeconds: 30, clips: true, ...tools };
}

export function toolMissing(binary: string, cause: unknown): EngineError {
  return new EngineError(
    "ffmpeg_missing",
    `This recording needs ffmpeg, but ${binary} could not be started. Install ffmpeg (apt install ffmpeg, ` +
      "brew install ffmpeg), or convert the file to a 16 kHz 16-bit PCM WAV, which is read without it.",
    { cause },
  );
}
