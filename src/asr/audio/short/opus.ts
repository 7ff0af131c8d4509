import { OpusDecoder } from "opus-decoder";
import { SAMPLE_RATE } from "../types.ts";
import { oggPages } from "./ogg-packets.ts";
import { expectUsual, type NativeSamples } from "./unusual.ts";

/** Samples at 48 kHz, in which Opus counts (RFC 7845), for each that is decoded. */
const RATIO = 48_000 / SAMPLE_RATE;

/**
 * Decode an Ogg Opus file with libopus, which gives 16 kHz itself. Throws Unusual for anything but one whole,
 * undamaged stream of one or two channels without gain, whose positions count on without a gap.
 */
export async function* decodeOpus(file: Uint8Array): AsyncGenerator<NativeSamples> {
  const pages = oggPages(file);
  const { channels, preSkip } = readHead(pages.next().value?.packets);
  let comments = 0;
  const decoder = new OpusDecoder({ sampleRate: SAMPLE_RATE, channels });
  await decoder.ready;
  try {
    let skip = Math.round(preSkip / RATIO);
    let position: number | null = null;
    for (const { packets, granule, isLast } of pages) {
      // The comments end on a page of their own.
      if (comments === 0) {
        expectUsual(packets.length <= 1, "comments beside sound");
        comments = packets.length;
        continue;
      }
      if (granule === null) continue;
      const decoded = decoder.decodeFrames(packets);
      expectUsual(decoded.errors.length === 0, "packets that cannot be decoded");
      const samples = decoded.samplesDecoded * RATIO;
      // The first page tells where the stream begins: later than 0 where it was cut out of a longer one.
      position ??= Math.max(0, granule - samples);
      const excess = position + samples - granule;
      expectUsual(excess === 0 || (isLast && excess > 0 && excess <= samples), "positions with a gap");
      position = granule;
      const to = decoded.samplesDecoded - Math.round(excess / RATIO);
      const from = Math.min(skip, to);
      skip -= from;
      yield {
        sampleRate: SAMPLE_RATE,
        channels: decoded.channelData.map((channel) => channel.subarray(from, to)),
      };
    }
  } finally {
    decoder.free();
  }
}

/** RFC 7845, 5.1. */
function readHead(packets: readonly Uint8Array[] | undefined): { channels: number; preSkip: number } {
  const head = packets?.[0];
  const isHead = packets?.length === 1 && head !== undefined && head.length === 19;
  expectUsual(isHead && Buffer.from(head).toString("latin1", 0, 8) === "OpusHead", "no plain OpusHead");
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const channels = view.getUint8(9);
  const [gain, family] = [view.getInt16(16, true), view.getUint8(18)];
  expectUsual(view.getUint8(8) === 1 && channels >= 1 && channels <= 2, "another version or more channels");
  expectUsual(gain === 0 && family === 0, "a gain or another mapping");
  return { channels, preSkip: view.getUint16(10, true) };
}
