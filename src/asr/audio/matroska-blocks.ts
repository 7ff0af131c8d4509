import { EngineError } from "../errors.ts";

/** Samples of one track as ffmpeg's Matroska muxer writes them to a pipe. */
export interface TimedBlock {
  milliseconds: number;
  /** The block's own bytes; copied out of the pipe's. */
  data: Buffer;
}

/** Elements whose children are looked at; of all others only those below matter. IDs as in RFC 9559. */
const SEGMENT = 0x1853_8067;
const CLUSTER = 0x1f43_b675;
const BLOCK_GROUP = 0xa0;
const TIMESTAMP = 0xe7;
const BLOCK = 0xa1;
const SIMPLE_BLOCK = 0xa3;

/** Track number (one byte, for there is one track), time relative to the cluster, flags. */
const BLOCK_HEADER = 4;

/** ffmpeg never makes a block of samples this large. */
const LARGEST = 1 << 24;

/**
 * Reads the blocks of a Matroska stream of one track, piece by piece: the plainest container that carries the time
 * of each block through a pipe. It reads what our own ffmpeg writes (no lacing, a scale of one millisecond), never
 * a recording. Throws engine_failed where the stream is anything else.
 */
export class MatroskaBlocks {
  #rest: Buffer = Buffer.alloc(0);
  #skip = 0;
  #cluster = 0;

  *read(piece: Buffer): Generator<TimedBlock> {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    for (;;) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, bytes.length);
        this.#skip -= skipped;
        bytes = bytes.subarray(skipped);
      }
      const head = elementAt(bytes);
      if (head === null) break;
      const { id, size, length } = head;
      if (id === SEGMENT || id === CLUSTER || id === BLOCK_GROUP) {
        bytes = bytes.subarray(length);
      } else if (id === TIMESTAMP || id === BLOCK || id === SIMPLE_BLOCK) {
        if (size > LARGEST) throw notOurs();
        if (bytes.length < length + size) break;
        const content = bytes.subarray(length, length + size);
        if (id === TIMESTAMP) this.#cluster = content.readUIntBE(0, size);
        else yield this.#block(content);
        bytes = bytes.subarray(length + size);
      } else {
        this.#skip = size;
        bytes = bytes.subarray(length);
      }
    }
    this.#rest = Buffer.from(bytes);
  }

  #block(content: Buffer): TimedBlock {
    if (content.length < BLOCK_HEADER) throw notOurs();
    const milliseconds = this.#cluster + content.readInt16BE(1);
    return { milliseconds, data: Buffer.from(content.subarray(BLOCK_HEADER)) };
  }
}

/** An element's ID with its marker bits, the size of its content, and the length of the two; null when cut. */
function elementAt(bytes: Buffer): { id: number; size: number; length: number } | null {
  if (bytes.length < 2) return null;
  const idLength = Math.clz32(bytes[0]!) - 23;
  if (idLength > 4) throw notOurs();
  if (bytes.length <= idLength) return null;
  const sizeLength = Math.clz32(bytes[idLength]!) - 23;
  if (sizeLength > 8) throw notOurs();
  const length = idLength + sizeLength;
  if (bytes.length < length) return null;
  let size = bytes[idLength]! & (0xff >> sizeLength);
  for (let at = idLength + 1; at < length; at++) size = size * 256 + bytes[at]!;
  return { id: bytes.readUIntBE(0, idLength), size, length };
}

function notOurs(): EngineError {
  return new EngineError("engine_failed", "The decoder gave something else than timed samples.");
}
