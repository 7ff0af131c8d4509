/** How the samples of a WAV are laid out, as its `fmt ` chunk tells. */
export interface WavFormat {
  /** 1 is PCM, 3 is IEEE float, 6 A-law, 7 µ-law; WAVE_FORMAT_EXTENSIBLE is already resolved. */
  formatTag: number;
  channels: number;
  sampleRate: number;
  bitsPerSample: number;
  /** Bytes of one sample of all channels. */
  blockAlign: number;
  /** RIFX: the most significant byte of each number comes first. */
  bigEndian: boolean;
  /** The chunk itself. */
  chunk: Buffer;
}

const EXTENSIBLE = 0xfffe;

/** As much of a `fmt ` chunk as matters: ADPCM keeps coefficients in it. */
export const FORMAT_BYTES = 64;

/** ffmpeg's names of the codecs whose samples are of a fixed size: tag → bits → name. */
const CODECS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  1: { 8: "pcm_u8", 16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_s32le", 64: "pcm_s64le" },
  3: { 32: "pcm_f32le", 64: "pcm_f64le" },
  6: { 8: "pcm_alaw" },
  7: { 8: "pcm_mulaw" },
};

/** Read a `fmt ` chunk; null when it makes no sense. */
export function parseFormat(chunk: Buffer, bigEndian: boolean): WavFormat | null {
  if (chunk.length < 16) return null;
  const short = (at: number) => (bigEndian ? chunk.readUInt16BE(at) : chunk.readUInt16LE(at));
  const tag = short(0);
  // The real tag of an extensible format is the beginning of its GUID.
  const formatTag = tag === EXTENSIBLE && chunk.length >= 26 ? short(24) : tag;
  const format = {
    formatTag,
    channels: short(2),
    sampleRate: bigEndian ? chunk.readUInt32BE(4) : chunk.readUInt32LE(4),
    blockAlign: short(12),
    bitsPerSample: short(14),
    bigEndian,
    chunk,
  };
  return format.channels > 0 && format.sampleRate > 0 && format.blockAlign > 0 ? format : null;
}

export function sameFormat(one: WavFormat, other: WavFormat | null): boolean {
  return other !== null && one.bigEndian === other.bigEndian && one.chunk.equals(other.chunk);
}

/** ffmpeg's name of the codec; null where samples are not of a fixed, known size. */
export function codecOf(format: WavFormat): string | null {
  const { formatTag, bitsPerSample, channels, blockAlign, bigEndian } = format;
  if (blockAlign * 8 !== channels * bitsPerSample) return null;
  const codec = CODECS[formatTag]?.[bitsPerSample] ?? null;
  return bigEndian ? (codec?.replace(/le$/, "be") ?? null) : codec;
}
