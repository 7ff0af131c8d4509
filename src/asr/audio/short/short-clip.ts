import { fileDigest } from "../../file-digest.ts";
import type { PlainHeader } from "../plain-header.ts";
import { type DecodeTrouble, MAX_CHUNK, type SampleStream } from "../sample-stream.ts";
import type { Sniffed } from "../sniff.ts";
import type { SourceFile } from "../source-file.ts";
import { clipThreads } from "./clip-threads.ts";
import type { ClipCodec } from "./whole-clip.ts";

/** What is decoded in one go, and held until it has been taken in: 120 s of two channels are 15 MB. */
const MAX_BYTES = 8 << 20;
const MAX_SECONDS = 120;

/** A clip takes milliseconds. A busy machine may take a hundred times as long; what takes longer never ends. */
const PATIENCE_SECONDS = 10;

const CODECS: readonly string[] = ["flac", "opus", "mp3"] satisfies ClipCodec[];

export interface ShortClip {
  file: SourceFile;
  sniffed: Sniffed;
  header: PlainHeader;
  trouble: DecodeTrouble;
  signal: AbortSignal;
  /** Decodes whatever the decoders here do not: its trouble is the clip's. */
  otherwise: SampleStream;
}

/** True where the decoders of this process may try. */
export function isShort(file: SourceFile, header: PlainHeader): boolean {
  const { codec, declared } = header;
  // What was cut out of a longer stream counts from that one's beginning: no length to go by.
  const seconds = declared.firm ? (declared.seconds ?? 0) : 0;
  return CODECS.includes(codec) && file.size <= MAX_BYTES && seconds <= MAX_SECONDS;
}

/**
 * A short recording, decoded whole in a worker thread, which spares it a process. Anything that is not just as the
 * plainest of its kind are, damage above all, is left to `otherwise`.
 */
export function readShortClip({
  file,
  sniffed,
  header,
  trouble,
  signal,
  otherwise,
}: ShortClip): SampleStream {
  let sha256 = file.sha256;
  async function* chunks(): AsyncGenerator<Float32Array[]> {
    const codec = header.codec as ClipCodec;
    const { path, size } = file;
    const { channels } = header;
    const request = { path, size, codec, channels, start: sniffed.offset, maxSeconds: MAX_SECONDS };
    const answer = await clipThreads.decode(request, PATIENCE_SECONDS, signal);
    signal.throwIfAborted();
    if (answer === null) {
      yield* otherwise.chunks();
      sha256 ??= await fileDigest(path, signal);
      return;
    }
    sha256 ??= answer.sha256;
    const { length } = answer.channels[0]!;
    for (let at = 0; at < length; at += MAX_CHUNK) {
      yield answer.channels.map((samples) => samples.subarray(at, at + MAX_CHUNK));
    }
  }
  return {
    outputChannels: header.channels,
    chunks,
    sha256: () => sha256!,
    trouble,
    close: () => otherwise.close(),
  };
}
