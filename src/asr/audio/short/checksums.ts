/** Table of a cyclic redundancy check that takes the highest bit first. */
function table(polynomial: number, width: 8 | 16 | 32): Uint32Array {
  const top = 2 ** (width - 1);
  const mask = width === 32 ? 0xffff_ffff : 2 ** width - 1;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = (byte << (width - 8)) >>> 0;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & top) !== 0 ? polynomial : 0)) & mask;
    return crc;
  });
}

const CRC8 = table(0x07, 8);
const CRC16 = table(0x8005, 16);
const CRC32 = table(0x04c1_1db7, 32);

/** Of the header of a FLAC frame (RFC 9639, 9.1.8). */
export function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) crc = CRC8[crc ^ bytes[i]!]!;
  return crc;
}

/** Of a FLAC frame (RFC 9639, 9.3). */
export function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) crc = ((crc << 8) & 0xffff) ^ CRC16[(crc >> 8) ^ bytes[i]!]!;
  return crc;
}

/** Of an Ogg page, whose own field counts as zeros (RFC 3533, 6). */
export function oggCrc(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i]!;
    crc = (crc << 8) ^ CRC32[(crc >>> 24) ^ byte]!;
  }
  return crc >>> 0;
}
