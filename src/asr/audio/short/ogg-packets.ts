import { oggCrc } from "./checksums.ts";
import { expectUsual } from "./unusual.ts";

/** The packets that end in one page of an Ogg file. */
export interface OggPage {
  packets: Uint8Array[];
  /** Position at the end of the last of them, in samples (Opus: at 48 kHz). Null where none ends here. */
  granule: number | null;
  isLast: boolean;
}

const BEGINS = 2;
const ENDS = 4;
const CONTINUES = 1;

/**
 * The pages of an Ogg file of one logical stream (RFC 3533), each checked by its checksum and its number. Throws
 * Unusual for anything else: a second stream beside it or joined to it, a page that is missing, damaged or cut off.
 */
export function* oggPages(file: Uint8Array): Generator<OggPage> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let open: Uint8Array[] = [];
  let serial: number | null = null;
  let ended = false;
  let number = 0;
  for (let at = 0; at < file.length; number++) {
    expectUsual(!ended, "something behind its last page");
    const isPage = at + 27 <= file.length && view.getUint32(at) === 0x4f67_6753 && file[at + 4] === 0;
    expectUsual(isPage, "something that is no page");
    const flags = file[at + 5]!;
    const segments = file[at + 26]!;
    const lacing = file.subarray(at + 27, at + 27 + segments);
    const length = 27 + segments + lacing.reduce((sum, size) => sum + size, 0);
    expectUsual(at + length <= file.length, "a page that is cut off");
    expectUsual(oggCrc(file.subarray(at, at + length)) === view.getUint32(at + 22, true), "a damaged page");
    serial ??= view.getUint32(at + 14, true);
    const follows =
      view.getUint32(at + 14, true) === serial &&
      view.getUint32(at + 18, true) === number &&
      ((flags & BEGINS) !== 0) === (number === 0) &&
      ((flags & CONTINUES) !== 0) === open.length > 0;
    expectUsual(follows, "pages that do not follow each other");
    ended = (flags & ENDS) !== 0;
    const packets: Uint8Array[] = [];
    let from = at + 27 + segments;
    let to = from;
    for (const size of lacing) {
      to += size;
      if (size === 255) continue;
      packets.push(whole(open, file.subarray(from, to)));
      open = [];
      from = to;
    }
    if (to > from || lacing.at(-1) === 255) open.push(file.subarray(from, to));
    yield { packets, granule: packets.length === 0 ? null : granuleAt(view, at + 6), isLast: ended };
    at += length;
  }
  expectUsual(open.length === 0, "a packet that is cut off");
}

function granuleAt(view: DataView, at: number): number {
  const granule = Number(view.getBigInt64(at, true));
  expectUsual(granule >= 0, "a page without a position");
  return granule;
}

function whole(parts: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  return parts.length === 0 ? last : Buffer.concat([...parts, last]);
}
