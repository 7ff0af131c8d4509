import { PackError } from "../errors.ts";

/** Reads arrays of little-endian numbers one after the other. Throws PackError pack_invalid at the end of the bytes. */
export class SectionReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  u8(count: number): Uint8Array {
    return new Uint8Array(...this.#take(count, 1));
  }

  u16(count: number): Uint16Array {
    return new Uint16Array(...this.#take(count, 2));
  }

  u32(count: number): Uint32Array {
    return new Uint32Array(...this.#take(count, 4));
  }

  f32(count: number): Float32Array {
    return new Float32Array(...this.#take(count, 4));
  }

  /** A view; or a copy of what stands where numbers of that size cannot. */
  #take(count: number, size: number): [ArrayBufferLike, number, number] {
    const begin = this.#at;
    this.#at += count * size;
    if (this.#at > this.#bytes.length) throw invalid("it is cut short");
    const place = this.#bytes.byteOffset + begin;
    if (place % size === 0) return [this.#bytes.buffer, place, count];
    const copy = new Uint8Array(count * size);
    copy.set(this.#bytes.subarray(begin, this.#at));
    return [copy.buffer, 0, count];
  }
}

export function invalid(why: string): PackError {
  return new PackError("pack_invalid", `The pack's language model is not valid: ${why}.`);
}
