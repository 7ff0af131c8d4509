/** Bytes that must follow the last one that is read: looking ahead reads past it. */
export const SLACK = 8;

/**
 * Reads big-endian bit fields. What lies behind the end reads as whatever is there; whoever reads checks `position`
 * against the end after each part.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** In bits. */
  position: number;

  /** @param bytes with SLACK bytes behind their end. */
  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** The next `count` bits (0 to 32) as an unsigned number. */
  unsigned(count: number): number {
    if (count === 0) return 0;
    const value = this.#window() >>> (32 - count);
    this.position += count;
    return value;
  }

  /** The next `count` bits (0 to 32) as a number in two's complement. */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = this.#window() >> (32 - count);
    this.position += count;
    return value;
  }

  /** Zeros before the next one, which is read too; stops at `end` (bits). */
  unary(end: number): number {
    let zeros = 0;
    while (this.position < end) {
      const some = Math.clz32(this.#window());
      if (some < 32) {
        this.position += some + 1;
        return zeros + some;
      }
      zeros += 32;
      this.position += 32;
    }
    return zeros;
  }

  /** Rice-coded numbers with `parameter` low bits each (RFC 9639, 9.2.7.3), into `out` from `from` to `to`; stops at `end` (bits). */
  rice(out: Int32Array, from: number, to: number, parameter: number, end: number): void {
    for (let i = from; i < to && this.position < end; i++) {
      const window = this.#window();
      const zeros = Math.clz32(window);
      let folded: number;
      if (zeros + 1 + parameter <= 32) {
        folded = (zeros << parameter) | lowBits(window, zeros + 1, parameter);
        this.position += zeros + 1 + parameter;
      } else {
        folded = (this.unary(end) << parameter) | this.unsigned(parameter);
      }
      out[i] = (folded >>> 1) ^ -(folded & 1);
    }
  }

  /** The next 32 bits. */
  #window(): number {
    const at = this.position >>> 3;
    const bytes = this.#bytes;
    const four = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const shift = this.position & 7;
    return shift === 0 ? four : (four << shift) | (bytes[at + 4]! >>> (8 - shift));
  }
}

/** `count` bits of a window of 32 behind the first `skipped`. Shifts by 32 would be shifts by none. */
function lowBits(window: number, skipped: number, count: number): number {
  return count === 0 ? 0 : (window << skipped) >>> (32 - count);
}
