import { type FileHandle, open } from "node:fs/promises";
import { RecordingError } from "../errors.ts";
import { type Declared, declaredByProbe, declaredByWav } from "./declared.ts";
import { decodeWithFfmpeg } from "./ffmpeg.ts";
import { mixed } from "./mix.ts";
import { oggEnd } from "./ogg-end.ts";
import { type PlainHeader, plainHeader } from "./plain-header.ts";
import { type Probe, type ProbedStream, probe, unsupported } from "./probe.ts";
import { type OpenedRecording, RecordingReader } from "./recording-reader.ts";
import { corrupt, tooLong } from "./refusals.ts";
import { noTrouble } from "./sample-stream.ts";
import { isShort, readShortClip } from "./short/short-clip.ts";
import { sideBySide } from "./side-by-side.ts";
import { type Sniffed, sniff } from "./sniff.ts";
import { locate, refuse, type SourceFile } from "./source-file.ts";
import { withDefaults } from "./tools.ts";
import { chooseTracks, otherTracks, refuseMissing, type Track } from "./tracks.ts";
import { watchedForTwins } from "./twins.ts";
import type { AudioReader, AudioSource, AudioTools, AudioWarning, OpenAudioOptions } from "./types.ts";
import { joinedInAnotherFormat, understated } from "./warnings.ts";
import { isNative, readWav } from "./wav.ts";
import { feedWav, needsFeeding } from "./wav-feed.ts";
import { codecOf } from "./wav-format.ts";
import { readWavHeader, type WavHeader } from "./wav-header.ts";

/** More channels than any recording of people has; each costs memory. */
const MAX_CHANNELS = 32;

/** Lower than any recorder's, Hz. At 1 Hz a few bytes would become hours of sound. */
const LOWEST_RATE = 1000;

/** Codecs of the pictures that tags carry. */
const COVERS = ["mjpeg", "png", "bmp", "gif", "webp", "tiff"];

/** Below this, ffprobe only found something that might be a frame. */
const MIN_SCORE = 25;

/**
 * Open a recording for one pass of reading as 16 kHz samples. 16 kHz 16-bit PCM WAV (mono or stereo) is read
 * natively, everything else by ffmpeg; streams and bytes are spooled to a temporary file first. Close the
 * reader in every case.
 *
 * Throws RecordingError: not_found, unsupported_media, no_audio, too_large, too_long, corrupt_media (and, while
 * reading, too_short). Throws EngineError: ffmpeg_missing, engine_failed. On abort, throws the signal's reason.
 */
export async function openAudio(source: AudioSource, options: OpenAudioOptions): Promise<AudioReader> {
  options.signal?.throwIfAborted();
  const closing = new AbortController();
  const signals = options.signal === undefined ? [closing.signal] : [options.signal, closing.signal];
  const signal = AbortSignal.any(signals);
  const file = await locate(source, options);
  try {
    const header = await examine(file);
    const wav = header.wav;
    const opened =
      wav !== null && isNative(wav)
        ? openNatively(file, wav, options, signal)
        : await openWithFfmpeg(file, header, options, signal);
    const { maxSeconds } = options.limits;
    if ((opened.declared.present ?? 0) > maxSeconds) throw tooLong(file.label, maxSeconds);
    const stream = options.channels === "split" ? watchedForTwins(opened.stream) : opened.stream;
    return new RecordingReader({ ...opened, stream, file, limits: options.limits, signal, closing });
  } catch (error) {
    await file.dispose();
    throw error;
  }
}

/** What our own look at a file tells, before any tool has touched it. */
interface Header {
  sniffed: Sniffed;
  wav: WavHeader | null;
  cut: boolean;
  /** Of an Ogg file, as its last page says. */
  samples: number | null;
}

async function examine(file: SourceFile): Promise<Header> {
  await using handle: FileHandle = await open(file.path).catch((error) => refuse(error, file.label));
  const sniffed = await sniff(handle);
  const wav =
    sniffed.kind === "wav" ? await readWavHeader(handle, file.size, sniffed.start, sniffed.offset) : null;
  const end = sniffed.kind === "ogg" ? await oggEnd(handle, file.size) : { cut: false, samples: null };
  return { sniffed, wav, ...end };
}

type Opened = Pick<OpenedRecording, "stream" | "media" | "declared" | "cut" | "warnings">;

function openNatively(
  file: SourceFile,
  wav: WavHeader,
  options: OpenAudioOptions,
  signal: AbortSignal,
): Opened {
  refuseMissing(options.track, 1, file.label);
  const declared = declaredByWav(wav);
  const stream = readWav(file, wav, signal);
  return {
    stream: options.channels === "mix" ? mixed(stream, null) : stream,
    media: { sampleRate: wav.sampleRate, channels: wav.channels, codec: codecOf(wav) ?? "pcm_s16le" },
    declared,
    cut: false,
    warnings: unreadWarnings(file, wav, declared),
  };
}

async function openWithFfmpeg(
  file: SourceFile,
  { sniffed, wav, cut, samples }: Header,
  options: OpenAudioOptions,
  signal: AbortSignal,
): Promise<Opened> {
  if (sniffed.kind === "playlist") {
    const what = "is a list that points at other files or addresses, which are never followed.";
    throw new RecordingError("unsupported_media", `${file.label} ${what} Send the recording itself.`);
  }
  if (sniffed.instead !== null) {
    throw new RecordingError("unsupported_media", `${file.label} ${sniffed.instead}.`);
  }
  const tools = withDefaults(options.tools);
  const codec = wav && codecOf(wav);
  if (wav?.bigEndian && codec === null) {
    const what = "is a big-endian WAV in a codec that cannot be read. Convert it to plain WAV.";
    throw new RecordingError("unsupported_media", `${file.label} ${what}`);
  }
  const feed = wav && needsFeeding(wav) ? () => feedWav(file, wav) : undefined;
  const read = wav && codec !== null ? wavHeader(wav, codec) : plainHeader(sniffed, samples);
  const plain = read !== null && read.channels <= 2 && read.sampleRate >= LOWEST_RATE ? read : null;
  const facts = plain
    ? plainFacts(file, plain, options)
    : await probedFacts(file, sniffed, tools, { ...options, signal });
  const declared = wav && codec !== null ? declaredByWav(wav) : facts.declared;
  const { origin, pictureCodecs, tracks } = facts;
  const { demuxer } = sniffed;
  const streams = tracks.map(({ index, channels, layout }) => {
    const job = { file, feed, demuxer, track: index, channels, origin, pictureCodecs, tools, signal };
    const trouble = noTrouble();
    const decoding = decodeWithFfmpeg(job, trouble);
    const clip = plain && tools.clips && isShort(file, plain) ? plain : null;
    const stream = clip
      ? readShortClip({ file, sniffed, header: clip, trouble, signal, otherwise: decoding })
      : decoding;
    return options.channels === "mix" || tracks.length > 1 ? mixed(stream, layout) : stream;
  });
  const [first] = tracks;
  return {
    stream: streams.length === 1 ? streams[0]! : sideBySide(streams),
    media: {
      sampleRate: first!.sampleRate,
      channels: tracks.length > 1 ? tracks.length : first!.channels,
      codec: codec ?? first!.codec,
    },
    declared,
    cut,
    warnings: [...facts.warnings, ...(wav === null ? [] : unreadWarnings(file, wav, declared))],
  };
}

/** What has to be known of a file to decode it. */
interface Facts {
  tracks: readonly TrackFacts[];
  /** Second at which the container starts; null where the sound is all it holds. */
  origin: number | null;
  pictureCodecs: readonly string[];
  declared: Declared;
  warnings: AudioWarning[];
}

type TrackFacts = Pick<ProbedStream, "codec" | "sampleRate" | "channels" | "layout"> & Pick<Track, "index">;

function wavHeader(wav: WavHeader, codec: string): PlainHeader {
  const { sampleRate, channels } = wav;
  return { codec, sampleRate, channels, declared: declaredByWav(wav) };
}

/** A file whose own header says it all. */
function plainFacts(file: SourceFile, header: PlainHeader, { track }: OpenAudioOptions): Facts {
  refuseMissing(track, 1, file.label);
  const { declared, ...sound } = header;
  const tracks = [{ index: 0, layout: null, ...sound }];
  return { tracks, origin: null, pictureCodecs: COVERS, declared, warnings: [] };
}

async function probedFacts(
  file: SourceFile,
  sniffed: Sniffed,
  tools: AudioTools,
  options: OpenAudioOptions & { signal: AbortSignal },
): Promise<Facts> {
  const probed = await probe(file, sniffed, tools, options.signal);
  const all = soundOf(probed, sniffed, file.label);
  const chosen = chooseTracks(all, options, file.label);
  for (const { stream } of chosen) refuseUnreadable(stream, sniffed, file.label);
  return {
    tracks: chosen.map(({ index, stream }) => ({ index, ...stream })),
    // What is alone begins with itself; ffmpeg's guess of the start may be off by the codec's priming.
    origin: probed.streams.length === 1 ? null : probed.start,
    pictureCodecs: probed.streams.filter(({ type }) => type === "video").map(({ codec }) => codec),
    declared: declaredByProbe(probed, lastToEnd(chosen), sniffed.start),
    warnings: otherTracks(all, chosen, options.track, file.label),
  };
}

function lastToEnd(tracks: readonly Track[]): ProbedStream {
  return tracks
    .map(({ stream }) => stream)
    .reduce((last, one) => ((one.end ?? 0) > (last.end ?? 0) ? one : last));
}

/** The streams of sound, or the reason why there is none to read. */
function soundOf(probed: Probe, { kind }: Sniffed, label: string): ProbedStream[] {
  if (kind === null && probed.score < MIN_SCORE) throw unsupported(label);
  const sound = probed.streams.filter((stream) => stream.type === "audio");
  if (sound.length === 0) throw new RecordingError("no_audio", `${label} holds no audio.`);
  if (/external track/i.test(probed.messages)) {
    throw new RecordingError("unsupported_media", `${label} keeps its audio in another file. Send that one.`);
  }
  return sound;
}

function refuseUnreadable(audio: ProbedStream, { kind }: Sniffed, label: string): void {
  if (audio.codec === "unknown" || audio.codec === "none") {
    throw new RecordingError(
      "unsupported_media",
      `${label} holds audio in a codec that ffmpeg does not know.`,
    );
  }
  if (audio.channels > MAX_CHANNELS) {
    throw new RecordingError(
      "unsupported_media",
      `${label} has ${audio.channels} channels; at most ${MAX_CHANNELS} can be read.`,
    );
  }
  if (audio.channels < 1 || audio.sampleRate < LOWEST_RATE) {
    throw kind === null
      ? unsupported(label)
      : corrupt(label, "is damaged: no frame of its audio can be read.");
  }
}

function unreadWarnings(file: SourceFile, wav: WavHeader, declared: Declared): AudioWarning[] {
  if (wav.foreignBytes > 0) return joinedInAnotherFormat(file.label, declared, wav.foreignBytes);
  if (codecOf(wav) === null) return [];
  return understated(file.label, declared, wav.strayBytes / (wav.blockAlign * wav.sampleRate));
}
