/** How to lay out a WAV file; every length can be made to lie. */
export interface WavOptions {
  sampleRate?: number;
  /** Format tag: 1 PCM (the default), 3 float, 0xfffe extensible. */
  tag?: number;
  bitsPerSample?: number;
  /** What the data chunk says of its length; the truth by default. */
  claimedBytes?: number;
  /** Chunks to put before the data: name and content. */
  before?: readonly (readonly [string, Buffer])[];
  /** What follows the data. */
  after?: Buffer;
  /** What the fmt chunk says of the number of channels. */
  claimedChannels?: number;
}

/** A WAV around bytes that are already laid out. */
export function wavFile(data: Buffer, channels: number, options: WavOptions = {}): Buffer {
  const { sampleRate = 16_000, tag = 1, bitsPerSample = 16, claimedBytes = data.length } = options;
  const { before = [], after = Buffer.alloc(0), claimedChannels = channels } = options;
  const blockAlign = (claimedChannels * bitsPerSample) / 8;
  const format = Buffer.alloc(tag === 0xfffe ? 40 : 16);
  format.writeUInt16LE(tag, 0);
  format.writeUInt16LE(claimedChannels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE((sampleRate * blockAlign) >>> 0, 8);
  format.writeUInt16LE(blockAlign & 0xffff, 12);
  format.writeUInt16LE(bitsPerSample, 14);
  if (tag === 0xfffe) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bitsPerSample, 18);
    format.write("0100000000001000800000aa00389b71", 24, "hex");
  }
  const head = Buffer.concat([
    Buffer.from("WAVE"),
    chunk("fmt ", format),
    ...before.map(([name, content]) => chunk(name, content)),
    Buffer.from("data"),
    uint32(claimedBytes),
  ]);
  const rest = Buffer.concat([head, data, after]);
  return Buffer.concat([Buffer.from("RIFF"), uint32(rest.length), rest]);
}

/** A 16-bit PCM WAV of one array of samples in [-1, 1] per channel. */
export function pcmWav(channels: readonly Float32Array[], options: WavOptions = {}): Buffer {
  return wavFile(interleave16(channels), channels.length, options);
}

/** The same in big-endian order: RIFX. */
export function rifx(channels: readonly Float32Array[], sampleRate = 16_000): Buffer {
  const file = pcmWav(channels, { sampleRate });
  file.write("RIFX", 0);
  for (const at of [4, 16, 24, 28, 40]) file.subarray(at, at + 4).reverse();
  for (const at of [20, 22, 32, 34]) file.subarray(at, at + 2).reverse();
  file.subarray(44).swap16();
  return file;
}

export function interleave16(channels: readonly Float32Array[]): Buffer {
  const frames = channels[0]!.length;
  const data = Buffer.alloc(frames * channels.length * 2);
  for (let i = 0, at = 0; i < frames; i++) {
    for (const channel of channels) {
      at = data.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(channel[i]! * 32_768))), at);
    }
  }
  return data;
}

export function chunk(name: string, content: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(name, "latin1"),
    uint32(content.length),
    content,
    Buffer.alloc(content.length & 1),
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
