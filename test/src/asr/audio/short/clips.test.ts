import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Unusual } from "../../../../../src/asr/audio/short/unusual.ts";
import { type ClipCodec, decodeWhole } from "../../../../../src/asr/audio/short/whole-clip.ts";
import { sniff } from "../../../../../src/asr/audio/sniff.ts";
import { describeWithFfmpeg } from "../../../../support/ffmpeg.ts";
import { readAudio } from "../../../../support/read-audio.ts";
import { ffmpeg } from "../../../../support/run-ffmpeg.ts";

const SPEECH = "test/fixtures/dialogue.wav"; // 6.54 s, two channels

/** No process can be started, so what is read was read here. */
const ALONE = { ffmpeg: "no-such-ffmpeg", ffprobe: "no-such-ffprobe" };

/** How ffmpeg makes a clip, and how near its own decoding of it ours must be, dB. */
const KINDS: readonly [name: string, options: string, decibels: number][] = [
  ["mono.flac", "-ac 1 -ar 16000", Number.POSITIVE_INFINITY],
  ["stereo.flac", "-ar 16000 -compression_level 12", Number.POSITIVE_INFINITY],
  ["plain.flac", "-ar 16000 -compression_level 0", Number.POSITIVE_INFINITY],
  ["cd.flac", "-ar 44100", 100],
  ["telephone.flac", "-ac 1 -ar 8000", 90],
  ["studio.flac", "-ar 96000 -sample_fmt s32 -bits_per_raw_sample 24", 100],
  ["voice.ogg", "-ac 1 -c:a libopus -b:a 16k -application voip", 35],
  ["note.opus", "-ac 1 -c:a libopus -b:a 32k -frame_duration 60", 35],
  ["music.opus", "-c:a libopus -b:a 96k", 40],
  ["cbr.mp3", "-ac 1 -ar 16000 -c:a libmp3lame -b:a 32k", 100],
  ["vbr.mp3", "-ar 44100 -c:a libmp3lame -q:a 4", 100],
  ["mpeg2.mp3", "-ar 22050 -c:a libmp3lame", 100],
  ["untold.mp3", "-ar 44100 -c:a libmp3lame -write_xing 0 -id3v2_version 0", 100],
  ["tagged.mp3", "-ar 44100 -c:a libmp3lame -metadata title=Call -write_id3v1 1", 100],
];

describeWithFfmpeg("a short clip", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
    for (const [name, options] of KINDS) await ffmpeg("-i", SPEECH, ...options.split(" "), at(name));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(KINDS)("is read without a process and as ffmpeg reads it: %s", async (name, _, decibels) => {
    const ours = await readAudio(at(name), { channels: "split", tools: ALONE });
    const theirs = await readAudio(at(name), { channels: "split", tools: { clips: false } });
    expect(ours.facts).toEqual(theirs.facts);
    expect(ours.warnings).toEqual([]);
    for (const [channel, samples] of ours.channels.entries()) {
      expect(samples.length).toBe(theirs.channels[channel]!.length);
      expect(likeness(samples, theirs.channels[channel]!)).toBeGreaterThanOrEqual(decibels);
    }
  });

  it("that was cut out of a longer stream is read, whatever its numbers begin with", async () => {
    const pieces = ["-f", "segment", "-segment_time", "1"];
    await ffmpeg(
      "-stream_loop",
      "25",
      "-i",
      SPEECH,
      "-ac",
      "1",
      "-c:a",
      "libopus",
      ...pieces,
      at("cut%03d.ogg"),
    );
    await ffmpeg("-i", SPEECH, "-ac", "1", "-c:a", "flac", ...pieces, at("cut%03d.flac"));
    for (const name of ["cut160.ogg", "cut003.flac"]) {
      const { facts, warnings } = await readAudio(at(name), { tools: ALONE });
      expect(facts.duration).toBeCloseTo(1, 0);
      expect(warnings).toEqual([]);
    }
  });

  it("longer than two minutes is left to ffmpeg", async () => {
    for (const name of ["long.mp3", "long.flac", "long.ogg"]) {
      await ffmpeg("-stream_loop", "19", "-i", SPEECH, "-ac", "1", "-ar", "16000", at(name));
      await expect(readAudio(at(name), { tools: ALONE })).rejects.toMatchObject({ code: "ffmpeg_missing" });
    }
  });

  it("that is changed in one bit anywhere is found damaged, or is no worse for it", async () => {
    const clips: [string, ClipCodec, boolean][] = [
      ["mono.flac", "flac", true],
      ["voice.ogg", "opus", true],
      ["cbr.mp3", "mp3", false],
    ];
    for (const [name, codec, checked] of clips) {
      const whole = await readFile(at(name));
      const start = await startOf(at(name));
      const intact = (await decodeWhole(whole, { codec, start, channels: 1, maxSeconds: 120 }))[0]!;
      let found = 0;
      // Of the sound itself: what stands in tags and names makes no difference.
      const from = codec === "flac" ? 8500 : start + 400;
      for (let i = 0; i < 40; i++) {
        const damaged = Buffer.from(whole);
        damaged[from + Math.floor(((whole.length - from) * i) / 40)]! ^= 1 << (i % 8);
        const result = await decodeWhole(damaged, { codec, start, channels: 1, maxSeconds: 120 }).catch(
          (error: unknown) => error,
        );
        if (Array.isArray(result)) expect(result[0].length).toBe(intact.length);
        else {
          expect(result).toBeInstanceOf(Error);
          found++;
        }
      }
      if (checked) expect(found).toBe(40);
    }
  });

  it("that is cut off anywhere is not taken for a whole one", async () => {
    for (const [name, codec] of [
      ["mono.flac", "flac"],
      ["voice.ogg", "opus"],
      ["cbr.mp3", "mp3"],
    ] as const) {
      const whole = await readFile(at(name));
      const start = await startOf(at(name));
      for (let length = 1; length < whole.length; length += Math.ceil(whole.length / 60)) {
        const job = { codec, start, channels: 1, maxSeconds: 120 };
        await expect(decodeWhole(whole.subarray(0, length), job)).rejects.toThrow(Error);
      }
    }
  });

  it("of more channels, or of another codec than its header says, is not for these decoders", async () => {
    const whole = await readFile(at("stereo.flac"));
    for (const [codec, channels] of [
      ["flac", 1],
      ["opus", 2],
      ["mp3", 2],
    ] as const) {
      const decoding = decodeWhole(whole, { codec, start: 0, channels, maxSeconds: 120 });
      await expect(decoding).rejects.toBeInstanceOf(Unusual);
    }
  });

  it("is heard by ffmpeg where it is damaged, with its warnings and its times", async () => {
    const damaged = await readFile(at("mono.flac"));
    damaged.fill(0x55, 40_000, 42_000);
    await writeFile(at("damaged.flac"), damaged);
    const { facts, warnings } = await readAudio(at("damaged.flac"));
    expect(warnings.map(({ code }) => code)).toEqual(["decode_errors"]);
    expect(facts.duration).toBeCloseTo(6.54, 1);
    const whole = await readAudio(at("damaged.flac"), { tools: { clips: false } });
    expect(facts).toEqual(whole.facts);
  });
});

async function startOf(path: string): Promise<number> {
  await using file = await open(path);
  return (await sniff(file)).offset;
}

/** Power of what should be over that of the difference, dB. */
function likeness(samples: Float32Array, wanted: Float32Array): number {
  let power = 0;
  let apart = 0;
  for (let i = 0; i < wanted.length; i++) {
    power += wanted[i]! ** 2;
    apart += (samples[i]! - wanted[i]!) ** 2;
  }
  return 10 * Math.log10(power / apart);
}
