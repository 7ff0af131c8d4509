/**
 * A QuickTime movie whose one track of sound (16 kHz 16-bit PCM) says that its samples lie in another file:
 * a data reference of type `alis` with an absolute path. Laid out by hand after Apple's file format.
 */
export function externalMov(target: string, samples: number): Buffer {
  const soundHeader = atom("smhd", uint32(0), uint32(0));
  const information = atom("minf", soundHeader, atom("dinf", dataReference(target)), sampleTable(samples));
  const mediaHeader = atom("mdhd", uint32(0, 0, 0, 16_000, samples, 0));
  const handler = atom("hdlr", uint32(0), "mhlrsoun", uint32(0, 0, 0), Buffer.alloc(1));
  const trackHeader = atom(
    "tkhd",
    uint32(7, 0, 0, 1, 0, samples, 0, 0, 0, 0x1000000),
    matrix(),
    uint32(0, 0),
  );
  const track = atom("trak", trackHeader, atom("mdia", mediaHeader, handler, information));
  const movieHeader = atom(
    "mvhd",
    uint32(0, 0, 0, 16_000, samples, 0x10000, 0x1000000, 0, 0),
    matrix(),
    uint32(0, 0, 0, 0, 0, 0, 2),
  );
  return Buffer.concat([atom("ftyp", "qt  ", uint32(0), "qt  "), atom("moov", movieHeader, track)]);
}

function dataReference(target: string): Buffer {
  const volume = "disk";
  const path = Buffer.from(volume + target.replaceAll("/", ":"));
  const head = Buffer.alloc(150);
  head[10] = volume.length;
  head.write(volume, 11);
  const name = target.slice(target.lastIndexOf("/") + 1);
  head[50] = name.length;
  head.write(name, 51);
  head.writeUInt16BE(1, 130); // levels up from the alias
  head.writeUInt16BE(1, 132); // levels down to the target
  const record = Buffer.concat([
    uint16(2, path.length),
    path,
    Buffer.alloc(path.length & 1),
    uint16(0xffff, 0),
  ]);
  return atom("dref", uint32(0, 1), atom("alis", uint32(0), head, record));
}

function sampleTable(samples: number): Buffer {
  const description = Buffer.concat([
    Buffer.alloc(6),
    uint16(1),
    uint32(0, 0),
    uint16(1, 16, 0, 0),
    uint32(16_000 << 16),
  ]);
  return atom(
    "stbl",
    atom("stsd", uint32(0, 1), atom("sowt", description)),
    atom("stts", uint32(0, 1, samples, 1)),
    atom("stsc", uint32(0, 1, 1, samples, 1)),
    atom("stsz", uint32(0, 2, samples)),
    atom("stco", uint32(0, 1, 44)),
  );
}

function matrix(): Buffer {
  return uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
}

function atom(name: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)),
  );
  return Buffer.concat([uint32(content.length + 8), Buffer.from(name, "latin1"), content]);
}

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * i);
  return bytes;
}

function uint16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
}
