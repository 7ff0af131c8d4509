import { createHash } from "node:crypto";
import { open, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAudio } from "../../../../src/asr/audio/open-audio.ts";
import { readWavHeader } from "../../../../src/asr/audio/wav-header.ts";
import { describeWithFfmpeg } from "../../../support/ffmpeg.ts";
import { readWatchingMemory } from "../../../support/memory-growth.ts";
import { LIMITS, type ReadAudio, readAudio } from "../../../support/read-audio.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { randomBytes, shareAt, tone } from "../../../support/tones.ts";
import { chunk, interleave16, pcmWav, rifx, type WavOptions, wavFile } from "../../../support/wav.ts";

/** Proof that no subprocess has a hand in it. */
const WITHOUT_FFMPEG = { tools: { ffmpeg: "no-such-ffmpeg", ffprobe: "no-such-ffprobe" } };

describe("a 16 kHz 16-bit PCM WAV", () => {
  it("is read natively, sample by sample", async () => {
    const data = Buffer.alloc(8 + 3200);
    [0, 16_384, -32_768, 32_767].forEach((sample, i) => {
      data.writeInt16LE(sample, 2 * i);
    });
    const file = wavFile(data, 1);
    const audio = await readAudio(file, WITHOUT_FFMPEG);
    expect([...audio.channels[0]!.subarray(0, 4)]).toEqual([0, 0.5, -1, 32_767 / 32_768]);
    expect(audio.facts).toEqual({
      sha256: createHash("sha256").update(file).digest("hex"),
      duration: data.length / 32_000,
      sampleRate: 16_000,
      channels: 1,
      codec: "pcm_s16le",
    });
  });

  it("has its two channels mixed to their mean, or kept apart", async () => {
    const data = Buffer.alloc(4 * 3200);
    data.writeInt16LE(1000, 0);
    data.writeInt16LE(-500, 2);
    const mixed = await readAudio(wavFile(data, 2), WITHOUT_FFMPEG);
    const split = await readAudio(wavFile(data, 2), { ...WITHOUT_FFMPEG, channels: "split" });
    expect(mixed.channels.map(([first]) => first)).toEqual([250 / 32_768]);
    expect(split.channels.map(([first]) => first)).toEqual([1000 / 32_768, -500 / 32_768]);
    expect(split.facts).toEqual(mixed.facts);
  });

  it.each([
    ["with an extensible format", { tag: 0xfffe }],
    [
      "with chunks before the data",
      { before: [["LIST", randomBytes(999)] as const, ["bext", randomBytes(602)] as const] },
    ],
    ["with a chunk after the data", { after: chunk("id3 ", randomBytes(40_000)) }],
    ["of no stated length", { claimedBytes: 0 }],
    ["of unlimited length", { claimedBytes: 0xffff_ffff }],
    ["of unlimited length less a header", { claimedBytes: 0xffff_ffdb }],
    ["of 2 GiB", { claimedBytes: 0x8000_0000 }],
    ["of 2 GiB less a byte", { claimedBytes: 0x7fff_ffff }],
    ["of the length that SoX leaves", { claimedBytes: 0x7fff_f000 }],
  ])("%s is read whole and without a warning", async (_, options) => {
    const samples = tone(440, 6);
    const audio = await readAudio(pcmWav([samples], options), WITHOUT_FFMPEG);
    expect(audio.warnings).toEqual([]);
    expect(audio.channels[0]!.length).toBe(samples.length);
    expect(audio.declaredDuration).toBe(6);
    expect(audio.largestChunk).toBe(65_536);
  });

  it.each([
    ["as it should be", pcmWav([tone(440, 6)])],
    [
      "with chunks before and after the data",
      pcmWav([tone(440, 6)], {
        before: [["LIST", randomBytes(999)] as const],
        after: chunk("id3 ", randomBytes(400_000)),
      }),
    ],
    ["that breaks off in the middle of a sample", pcmWav([tone(440, 6), tone(440, 6)]).subarray(0, -3)],
  ])("%s is hashed from its first byte to its last, while it is read", async (_, file) => {
    const path = join(await temporaryFolder(), "a.wav");
    await writeFile(path, file);
    const { facts } = await readAudio(path, WITHOUT_FFMPEG);
    expect(facts.sha256).toBe(createHash("sha256").update(file).digest("hex"));
  });

  it("that breaks off in the middle of a sample gives all whole ones and says where it ends", async () => {
    const audio = await readAudio(pcmWav([tone(440, 5)]).subarray(0, 44 + 2 * 24_000 + 1), WITHOUT_FFMPEG);
    expect(audio.channels[0]!.length).toBe(24_000);
    expect(audio.warnings).toEqual([
      {
        code: "truncated",
        at: 1.5,
        message: "The recording is cut off: its audio ends at 1.5 s, although it should last 5 s.",
      },
    ]);
  });

  it("that lacks less than half a second raises no alarm", async () => {
    const audio = await readAudio(pcmWav([tone(440, 5)]).subarray(0, 44 + 2 * 16_000 * 4.6), WITHOUT_FFMPEG);
    expect(audio.warnings).toEqual([]);
  });

  it("is refused while it is read once it turns out longer than its header could say", async () => {
    const reader = await openAudio(pcmWav([tone(440, 5)]), {
      ...WITHOUT_FFMPEG,
      channels: "mix",
      limits: { ...LIMITS, maxSeconds: 5 },
    });
    await Array.fromAsync(reader.chunks());
    await reader.close();
    const opening = readAudio(pcmWav([tone(440, 5)]), {
      ...WITHOUT_FFMPEG,
      limits: { ...LIMITS, maxSeconds: 4.9 },
    });
    await expect(opening).rejects.toMatchObject({ code: "too_long" });
  });

  it("of 120 MB goes through without piling up in memory", async () => {
    const file = join(await temporaryFolder(), "long.wav");
    await writeFile(file, pcmWav([new Float32Array(0)], { claimedBytes: 120_000_000, claimedChannels: 1 }));
    await truncate(file, 120_000_044);
    const reader = await openAudio(file, { ...WITHOUT_FFMPEG, channels: "mix", limits: LIMITS });
    const { samples, most } = await readWatchingMemory(reader);
    expect(samples).toBe(60_000_000);
    expect(most / 1e6).toBeLessThan(100);
  });
});

describe("sound behind the first data chunk", () => {
  const parts = [tone(440, 2), tone(880, 1.5), tone(1320, 1)];
  const joined = (options: WavOptions = {}) => Buffer.concat(parts.map((part) => pcmWav([part], options)));
  const expectAll = ({ channels, warnings, facts }: ReadAudio) => {
    expect(warnings).toEqual([]);
    expect(facts.duration).toBe(4.5);
    expect(shareAt(440, channels[0]!.subarray(0, 32_000))).toBeGreaterThan(0.95);
    expect(shareAt(880, channels[0]!.subarray(32_000, 56_000))).toBeGreaterThan(0.95);
    expect(shareAt(1320, channels[0]!.subarray(56_000))).toBeGreaterThan(0.95);
  };
  const data = (part: Float32Array) => chunk("data", interleave16([part]));

  it.each([
    ["of joined files", joined()],
    [
      "of joined files with chunks around it",
      joined({ before: [["LIST", randomBytes(50)]], after: chunk("id3 ", randomBytes(90)) }),
    ],
    [
      "of several data chunks",
      pcmWav([parts[0]!], {
        after: Buffer.concat([chunk("junk", randomBytes(9)), data(parts[1]!), data(parts[2]!)]),
      }),
    ],
    ["of joined big-endian files", Buffer.concat(parts.map((part) => rifx([part])))],
  ])("%s is read natively and hashed", async (_, file) => {
    const audio = await readAudio(file, WITHOUT_FFMPEG);
    expectAll(audio);
    expect(audio.facts.sha256).toBe(createHash("sha256").update(file).digest("hex"));
  });

  it("of more files than an hour has minutes is read to the last", async () => {
    const clip = pcmWav([tone(440, 0.02)]);
    const audio = await readAudio(Buffer.concat(Array(1500).fill(clip)), WITHOUT_FFMPEG);
    expect(audio.facts.duration).toBeCloseTo(30, 6);
    expect(audio.warnings).toEqual([]);
  });

  it("is read whatever its first part's last byte is", async () => {
    const odd = wavFile(Buffer.alloc(1601, 128), 1, { bitsPerSample: 8, sampleRate: 8000 });
    const file = Buffer.concat([odd, odd, odd]);
    expect((await readAudio(file)).facts.duration).toBeCloseTo(0.6, 2);
  });

  it("in another format is named, not swallowed", async () => {
    const other = pcmWav([tone(440, 1, 8000)], { sampleRate: 8000 });
    const { warnings, facts } = await readAudio(Buffer.concat([pcmWav([parts[0]!]), other]), WITHOUT_FFMPEG);
    expect(facts.duration).toBe(2);
    expect(warnings).toEqual([
      {
        code: "truncated",
        at: 2,
        message:
          "The recording goes on at 2 s with 16,032 bytes of another WAV in another format, which were not read. Split it.",
      },
    ]);
  });
});

describeWithFfmpeg("a WAV that ffmpeg is fed with", () => {
  const sampleRate = 48_000;
  const part = tone(440, 1, sampleRate);

  it.each([
    [
      "joined",
      Buffer.concat([pcmWav([part, part], { sampleRate }), pcmWav([part, part], { sampleRate })]),
      "pcm_s16le",
      2,
    ],
    ["big-endian", rifx([part, part], sampleRate), "pcm_s16be", 1],
    [
      "big-endian and joined",
      Buffer.concat([rifx([part, part], sampleRate), rifx([part, part], sampleRate)]),
      "pcm_s16be",
      2,
    ],
  ])("is heard as it should be when it is %s", async (_, file, codec, seconds) => {
    const { channels, facts, warnings } = await readAudio(file);
    expect(facts).toMatchObject({ codec, channels: 2, sampleRate });
    expect(facts.duration).toBeCloseTo(seconds, 1);
    expect(shareAt(440, channels[0]!)).toBeGreaterThan(0.99);
    expect(warnings).toEqual([]);
  });

  it("is refused with a reason when it is big-endian and compressed", async () => {
    const file = rifx([part]);
    file.writeUInt16BE(0x11, 20);
    await expect(readAudio(file)).rejects.toMatchObject({
      code: "unsupported_media",
      message: expect.stringContaining("big-endian"),
    });
  });
});

describe("readWavHeader", () => {
  it("survives any bytes in any place of a header", async () => {
    const whole = pcmWav([tone(440, 0.01)], { before: [["LIST", randomBytes(30)]] });
    await using file = await open(join(await temporaryFolder(), "mutant.wav"), "w+");
    const mutations = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(mutations, fc.nat(whole.length), async (changes, length) => {
        const mutant = Buffer.from(whole);
        for (const [at, value] of changes) mutant[at] = value;
        await file.truncate(0);
        await file.write(mutant, 0, length, 0);
        const header = await readWavHeader(file, length);
        if (header === null) return;
        for (const part of header.parts) {
          expect(part.length).toBeGreaterThanOrEqual(0);
          expect(part.start + part.length).toBeLessThanOrEqual(length);
        }
        expect(header.presentBytes).toBeGreaterThanOrEqual(0);
        expect(header.strayBytes).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });

  it("agrees with the layout of the samples it points at", async () => {
    await using file = await open(join(await temporaryFolder(), "a.wav"), "w+");
    const data = interleave16([tone(440, 1), tone(880, 1)]);
    const bytes = wavFile(data, 2, { before: [["JUNK", randomBytes(5)]] });
    await file.write(bytes);
    const header = await readWavHeader(file, bytes.length);
    expect(bytes.subarray(header!.parts[0]!.start).equals(data)).toBe(true);
    expect(header).toMatchObject({
      formatTag: 1,
      channels: 2,
      sampleRate: 16_000,
      blockAlign: 4,
      strayBytes: 0,
    });
  });
});
