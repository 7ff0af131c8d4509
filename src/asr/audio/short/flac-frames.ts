import { BitReader } from "./bit-reader.ts";
import { crc8, crc16 } from "./checksums.ts";
import { readSubframe } from "./flac-subframe.ts";
import { expectUsual } from "./unusual.ts";

/** What STREAMINFO says (RFC 9639, 8.2). */
export interface StreamInfo {
  sampleRate: number;
  channels: number;
  bitsPerSample: number;
  /** Samples of a frame. */
  largestBlock: number;
  /** Samples per channel; 0 where the writer did not know. */
  total: number;
}

/** One frame; the arrays are good until the next is read. */
export interface FlacBlock {
  /** Samples per channel. */
  length: number;
  channels: Int32Array[];
}

/** By their codes in a frame's header (RFC 9639, 9.1); 0 stands for what is told elsewhere or reserved. */
const BITS = [0, 8, 12, 0, 16, 20, 24, 32];
const RATES = [0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];

const SYNC = 0x3ffe;
const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MID_SIDE = 10;

/** Reads the frames of a FLAC stream one after the other, each checked by its checksums and its number. */
export class FlacFrames {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #info: StreamInfo;
  readonly #channels: Int32Array[];
  #at: number;
  #variable: boolean | null = null;
  /** What the next frame's number must be: of frames, or of samples where their sizes vary. What was cut out begins anywhere. */
  #expected: number | null = null;

  /** @param end in bytes; SLACK of them follow. */
  constructor(bytes: Uint8Array, end: number, at: number, info: StreamInfo) {
    this.#bytes = bytes;
    this.#end = end;
    this.#at = at;
    this.#info = info;
    this.#channels = Array.from({ length: info.channels }, () => new Int32Array(info.largestBlock));
  }

  /** The next frame; null at the end of the file. Throws Unusual. */
  next(): FlacBlock | null {
    if (this.#at === this.#end) return null;
    const bits = new BitReader(this.#bytes, this.#at * 8);
    const { length, assignment } = this.#header(bits);
    const { bitsPerSample } = this.#info;
    for (const [channel, samples] of this.#channels.entries()) {
      const isSide = assignment === SIDE_RIGHT ? channel === 0 : assignment >= LEFT_SIDE && channel === 1;
      readSubframe(bits, samples.subarray(0, length), bitsPerSample + (isSide ? 1 : 0), this.#end * 8);
    }
    const body = (bits.position + 7) >> 3;
    expectUsual(body + 2 <= this.#end, "a frame that is cut off");
    const sum = (this.#bytes[body]! << 8) | this.#bytes[body + 1]!;
    expectUsual(crc16(this.#bytes, this.#at, body) === sum, "a damaged frame");
    this.#at = body + 2;
    if (assignment >= LEFT_SIDE) this.#decorrelate(assignment, length);
    return { length, channels: this.#channels };
  }

  #header(bits: BitReader): { length: number; assignment: number } {
    const { sampleRate, channels, bitsPerSample, largestBlock } = this.#info;
    expectUsual(bits.unsigned(14) === SYNC && bits.unsigned(1) === 0, "something that is no frame");
    const variable = bits.unsigned(1) === 1;
    const sizeCode = bits.unsigned(4);
    const rateCode = bits.unsigned(4);
    const assignment = bits.unsigned(4);
    const bitsCode = bits.unsigned(3);
    expectUsual(bits.unsigned(1) === 0, "a reserved bit");
    const number = codedNumber(bits);
    const length = blockSize(bits, sizeCode);
    const rate = codedRate(bits, rateCode, sampleRate);
    const headerEnd = bits.position >> 3;
    const intact = crc8(this.#bytes, this.#at, headerEnd) === bits.unsigned(8);
    expectUsual(intact && headerEnd < this.#end, "a damaged header of a frame");
    const same =
      rate === sampleRate &&
      (bitsCode === 0 || BITS[bitsCode] === bitsPerSample) &&
      (assignment >= LEFT_SIDE ? 2 : assignment + 1) === channels;
    expectUsual(same && assignment <= MID_SIDE, "a frame of another kind");
    expectUsual(length > 0 && length <= largestBlock, "a frame of another size");
    expectUsual(this.#variable === null || this.#variable === variable, "sizes that begin to vary");
    expectUsual(this.#expected === null || number === this.#expected, "frames that are missing");
    this.#variable = variable;
    this.#expected = number + (variable ? length : 1);
    return { length, assignment };
  }

  /** RFC 9639, 4.2. */
  #decorrelate(assignment: number, length: number): void {
    const [first, second] = this.#channels as [Int32Array, Int32Array];
    for (let i = 0; i < length; i++) {
      const [a, b] = [first[i]!, second[i]!];
      if (assignment === LEFT_SIDE) second[i] = a - b;
      else if (assignment === SIDE_RIGHT) first[i] = a + b;
      else {
        const mid = (a << 1) | (b & 1);
        first[i] = (mid + b) >> 1;
        second[i] = (mid - b) >> 1;
      }
    }
  }
}

/** As in UTF-8, up to 36 bits (RFC 9639, 9.1.5). */
function codedNumber(bits: BitReader): number {
  const first = bits.unsigned(8);
  if (first < 0x80) return first;
  const length = Math.clz32(~(first << 24));
  expectUsual(length >= 2 && length <= 7, "a number that is none");
  let number = first & (0x7f >> length);
  for (let i = 1; i < length; i++) number = number * 64 + (bits.unsigned(8) & 0x3f);
  return number;
}

function blockSize(bits: BitReader, code: number): number {
  if (code === 1) return 192;
  if (code >= 2 && code <= 5) return 144 << code;
  if (code === 6) return bits.unsigned(8) + 1;
  if (code === 7) return bits.unsigned(16) + 1;
  return code >= 8 ? 1 << code : 0;
}

function codedRate(bits: BitReader, code: number, told: number): number {
  if (code === 0) return told;
  if (code === 12) return bits.unsigned(8) * 1000;
  if (code === 13) return bits.unsigned(16);
  if (code === 14) return bits.unsigned(16) * 10;
  return RATES[code] ?? 0;
}
