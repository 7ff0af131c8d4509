/** The four bytes that begin each frame of MPEG audio (ISO 11172-3 and 13818-3: layers I to III; mp3 is layer III). */
export interface MpegFrame {
  sampleRate: number;
  samples: number;
  /** Length of the whole frame. */
  bytes: number;
  /** Offset from the frame's start at which an encoder puts its Xing or Info tag (layer III). */
  tagOffset: number;
}

// kbit/s by version and layer; index 0 (free format) and 15 (forbidden) are not real.
const MPEG1_LAYER1 = [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];
const MPEG1_LAYER2 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const MPEG1_LAYER3 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG2_LAYER1 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
const MPEG2_LAYER23 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** Read the frame header at `at`; null when there is none. */
export function mpegFrameAt(bytes: Uint8Array, at: number): MpegFrame | null {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xe0) !== 0xe0) return null;
  const version = (bytes[at + 1]! >> 3) & 3; // 0: MPEG 2.5, 2: MPEG 2, 3: MPEG 1
  const layer = 4 - ((bytes[at + 1]! >> 1) & 3);
  const bitrateIndex = bytes[at + 2]! >> 4;
  const rateIndex = (bytes[at + 2]! >> 2) & 3;
  if (version === 1 || layer === 4 || bitrateIndex === 0 || bitrateIndex === 15 || rateIndex === 3)
    return null;
  const mpeg1 = version === 3;
  const sampleRate = [44_100, 48_000, 32_000][rateIndex]! >> (mpeg1 ? 0 : version === 2 ? 1 : 2);
  const samples = layer === 1 ? 384 : layer === 3 && !mpeg1 ? 576 : 1152;
  const bitrate = bitrates(mpeg1, layer)[bitrateIndex]! * 1000;
  const padding = (bytes[at + 2]! >> 1) & 1;
  const slot = layer === 1 ? 4 : 1;
  const length = (Math.floor(((samples / 8) * bitrate) / sampleRate / slot) + padding) * slot;
  const mono = bytes[at + 3]! >> 6 === 3;
  const sideInfo = mpeg1 ? (mono ? 17 : 32) : mono ? 9 : 17;
  return { sampleRate, samples, bytes: length, tagOffset: 4 + sideInfo };
}

function bitrates(mpeg1: boolean, layer: number): readonly number[] {
  if (layer === 1) return mpeg1 ? MPEG1_LAYER1 : MPEG2_LAYER1;
  if (!mpeg1) return MPEG2_LAYER23;
  return layer === 2 ? MPEG1_LAYER2 : MPEG1_LAYER3;
}

/** Two frames in a row: one alone occurs by chance in any noise. */
export function startsWithMpegFrames(bytes: Uint8Array, at: number): boolean {
  const first = mpegFrameAt(bytes, at);
  return first !== null && mpegFrameAt(bytes, at + first.bytes) !== null;
}
