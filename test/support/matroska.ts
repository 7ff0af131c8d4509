/** A Matroska stream as ffmpeg pipes it: [time of the cluster, time relative to it, samples], in milliseconds. */
export function matroska(blocks: readonly (readonly [number, number, Buffer])[]): Buffer {
  const clusters = blocks.map(([cluster, relative, data]) => {
    const head = Buffer.from([0x81, 0, 0, 0x80]);
    head.writeInt16BE(relative, 1);
    const time = Buffer.alloc(2);
    time.writeUInt16BE(cluster);
    return element(
      "1f43b675",
      Buffer.concat([element("e7", time), element("a3", Buffer.concat([head, data]))]),
    );
  });
  const head = element("1a45dfa3", Buffer.from("whatever it says"));
  // Of unknown length, as a stream is.
  const segment = Buffer.from("1853806701ffffffffffffff", "hex");
  return Buffer.concat([head, segment, element("1549a966", Buffer.alloc(40)), ...clusters]);
}

function element(id: string, content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(0x1000_0000 + content.length);
  return Buffer.concat([Buffer.from(id, "hex"), size, content]);
}
