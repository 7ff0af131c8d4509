import { type FileHandle, open } from "node:fs/promises";
import { RecordingError } from "../errors.ts";
import { type Declared, declaredByProbe, declaredByWav, hasFixedSizeSamples } from "./declared.ts";
import { decodeWithFfmpeg } from "./ffmpeg.ts";
import { mixed } from "./mix.ts";
import { oggIsCut } from "./ogg-end.ts";
import { type Probe, type ProbedStream, probe, unsupported } from "./probe.ts";
import { type OpenedRecording, RecordingReader } from "./recording-reader.ts";
import { corrupt, tooLong } from "./refusals.ts";
import { type Sniffed, sniff } from "./sniff.ts";
import { locate, refuse, type SourceFile } from "./source-file.ts";
import { withDefaults } from "./tools.ts";
import type { AudioReader, AudioSource, OpenAudioOptions } from "./types.ts";
import { understated } from "./warnings.ts";
import { isNative, readWav } from "./wav.ts";
import { readWavHeader, type WavHeader } from "./wav-header.ts";

/** More channels than any recording of people has; each costs memory. */
const MAX_CHANNELS = 32;

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
    return new RecordingReader({ ...opened, file, limits: options.limits, signal, closing });
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
}

async function examine(file: SourceFile): Promise<Header> {
  await using handle: FileHandle = await open(file.path).catch((error) => refuse(error, file.label));
  const sniffed = await sniff(handle);
  const wav = sniffed.kind === "wav" ? await readWavHeader(handle, file.size, sniffed.start) : null;
  const cut = sniffed.kind === "ogg" && (await oggIsCut(handle, file.size));
  return { sniffed, wav, cut };
}

type Opened = Pick<OpenedRecording, "stream" | "media" | "declared" | "cut" | "warnings">;

function openNatively(
  file: SourceFile,
  wav: WavHeader,
  options: OpenAudioOptions,
  signal: AbortSignal,
): Opened {
  const declared = declaredByWav(wav);
  const stream = readWav(file, wav, signal);
  return {
    stream: options.channels === "mix" ? mixed(stream, null) : stream,
    media: { sampleRate: wav.sampleRate, channels: wav.channels, codec: "pcm_s16le" },
    declared,
    cut: false,
    warnings: strayWarnings(file, wav, declared),
  };
}

async function openWithFfmpeg(
  file: SourceFile,
  { sniffed, wav, cut }: Header,
  options: OpenAudioOptions,
  signal: AbortSignal,
): Promise<Opened> {
  if (sniffed.kind === "playlist") {
    const what = "is a list that points at other files or addresses, which are never followed.";
    throw new RecordingError("unsupported_media", `${file.label} ${what} Send the recording itself.`);
  }
  const tools = withDefaults(options.tools);
  const probed = await probe(file, sniffed, tools, signal);
  const audio = pickAudio(probed, sniffed, file.label);
  const plain = wav !== null && hasFixedSizeSamples(wav) ? wav : null;
  const declared = plain === null ? declaredByProbe(probed, audio, sniffed.start) : declaredByWav(plain);
  const { channels, sampleRate, codec, layout } = audio;
  const { demuxer } = sniffed;
  const pictureCodecs = probed.streams.filter(({ type }) => type === "video").map(({ codec }) => codec);
  // What is alone begins with itself; ffmpeg's guess of the start may be off by the codec's priming.
  const origin = probed.streams.length === 1 ? null : probed.start;
  const stream = decodeWithFfmpeg({ file, demuxer, channels, origin, pictureCodecs, tools, signal });
  return {
    stream: options.channels === "mix" ? mixed(stream, layout) : stream,
    media: { sampleRate, channels, codec },
    declared,
    cut,
    warnings: plain === null ? [] : strayWarnings(file, plain, declared),
  };
}

/** The first stream of sound, or the reason why there is none to read. */
function pickAudio(probed: Probe, { kind }: Sniffed, label: string): ProbedStream {
  if (kind === null && probed.score < MIN_SCORE) throw unsupported(label);
  const audio = probed.streams.find((stream) => stream.type === "audio");
  if (audio === undefined) throw new RecordingError("no_audio", `${label} holds no audio.`);
  if (/external track/i.test(probed.messages)) {
    throw new RecordingError("unsupported_media", `${label} keeps its audio in another file. Send that one.`);
  }
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
  if (audio.channels < 1 || audio.sampleRate < 1) {
    throw kind === null
      ? unsupported(label)
      : corrupt(label, "is damaged: no frame of its audio can be read.");
  }
  return audio;
}

function strayWarnings(file: SourceFile, wav: WavHeader, declared: Declared) {
  return understated(file.label, declared, wav.strayBytes / (wav.blockAlign * wav.sampleRate));
}
