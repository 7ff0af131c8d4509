import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithFfmpeg } from "../../../support/ffmpeg.ts";
import { readAudio } from "../../../support/read-audio.ts";
import { ffmpeg } from "../../../support/run-ffmpeg.ts";
import { randomBytes, rms, sameSamples, shareAt, tone } from "../../../support/tones.ts";
import { pcmWav } from "../../../support/wav.ts";

const SECONDS = 3;

/** File name → [encoder options, codec, sample rate, channels]. The source is a 440 Hz tone, mono, 48 kHz. */
const FORMATS: Record<string, [options: string, codec: string, sampleRate: number, channels: number]> = {
  "constant.mp3": ["-c:a libmp3lame -b:a 64k", "mp3", 48_000, 1],
  "variable.mp3": ["-c:a libmp3lame -q:a 5", "mp3", 48_000, 1],
  "constant-without-tag.mp3": ["-c:a libmp3lame -b:a 64k -write_xing 0 -id3v2_version 0", "mp3", 48_000, 1],
  "variable-without-tag.mp3": ["-c:a libmp3lame -q:a 5 -write_xing 0 -id3v2_version 0", "mp3", 48_000, 1],
  "telephone.mp3": ["-c:a libmp3lame -ar 8000", "mp3", 8000, 1],
  "layer-two.mp2": ["-c:a mp2", "mp2", 48_000, 1],
  "moov-last.m4a": ["-c:a aac", "aac", 48_000, 1],
  "moov-first.m4a": ["-c:a aac -movflags +faststart", "aac", 48_000, 1],
  "fragmented.mp4": ["-c:a aac -movflags +frag_keyframe+empty_moov -frag_duration 500000", "aac", 48_000, 1],
  "lossless.m4a": ["-c:a alac", "alac", 48_000, 1],
  "adts.aac": ["-c:a aac -ar 44100", "aac", 44_100, 1],
  "opus.ogg": ["-c:a libopus", "opus", 48_000, 1],
  "vorbis.ogg": ["-c:a libvorbis -ar 22050", "vorbis", 22_050, 1],
  "lossless.flac": ["-c:a flac", "flac", 48_000, 1],
  "browser.webm": ["-c:a libopus", "opus", 48_000, 1],
  "speex.spx": ["-c:a libspeex -ar 16000", "speex", 16_000, 1],
  "true-audio.tta": ["-c:a tta", "tta", 48_000, 1],
  "live.webm": ["-c:a libopus -live 1", "opus", 48_000, 1],
  "matroska.mka": ["-c:a libvorbis", "vorbis", 48_000, 1],
  "windows.wma": ["-c:a wmav2 -ar 44100", "wmav2", 44_100, 1],
  "apple.aiff": ["-c:a pcm_s16be", "pcm_s16be", 48_000, 1],
  "core-audio.caf": ["-c:a pcm_s24le", "pcm_s24le", 48_000, 1],
  "sun.au": ["-c:a pcm_mulaw -ar 8000", "pcm_mulaw", 8000, 1],
  "wave64.w64": ["-c:a pcm_s16le", "pcm_s16le", 48_000, 1],
  "pack.wv": ["-c:a wavpack", "wavpack", 48_000, 1],
  "dolby.ac3": ["-c:a ac3", "ac3", 48_000, 1],
  "broadcast.ts": ["-c:a aac", "aac", 48_000, 1],
  "telephone.wav": ["-c:a pcm_s16le -ar 8000", "pcm_s16le", 8000, 1],
  "mu-law.wav": ["-c:a pcm_mulaw -ar 8000", "pcm_mulaw", 8000, 1],
  "a-law.wav": ["-c:a pcm_alaw -ar 8000", "pcm_alaw", 8000, 1],
  "adpcm.wav": ["-c:a adpcm_ima_wav -ar 8000", "adpcm_ima_wav", 8000, 1],
  "24-bit.wav": ["-c:a pcm_s24le", "pcm_s24le", 48_000, 1],
  "float.wav": ["-c:a pcm_f32le", "pcm_f32le", 48_000, 1],
  "8-bit.wav": ["-c:a pcm_u8 -ar 16000", "pcm_u8", 16_000, 1],
  "surround.wav": ["-c:a pcm_s16le -ac 6", "pcm_s16le", 48_000, 6],
  "surround.m4a": ["-c:a aac -ac 6", "aac", 48_000, 6],
};

/** Videos of five seconds whose sound ends after three: the length of the pictures must not count. */
const VIDEOS: Record<string, string> = {
  "video.mp4": "-c:v mpeg4 -c:a aac",
  "video.mov": "-c:v mpeg4 -c:a pcm_s16le",
  "video.mkv": "-c:v mpeg4 -c:a libopus",
  "video.webm": "-c:v libvpx -c:a libopus",
  "video.avi": "-c:v mpeg4 -c:a libmp3lame",
  "video.wmv": "-c:v wmv2 -c:a wmav2 -ar 44100",
  "video.mxf": "-c:v mpeg2video -r 25 -c:a pcm_s16le",
  "video.m2ts": "-c:v mpeg2video -r 25 -c:a ac3",
  "video.ogv": "-c:v libtheora -c:a libvorbis",
  "video.flv": "-c:v flv -c:a libmp3lame -ar 44100",
};

describeWithFfmpeg("openAudio", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
    const sound = `sine=frequency=440:sample_rate=48000:duration=${SECONDS},volume=4`;
    const pictures = `testsrc=size=64x64:rate=5:duration=${SECONDS + 2}`;
    const outputs = [
      ...Object.entries(FORMATS).map(([name, [options]]) => ["-map", "0:a", ...options.split(" "), name]),
      ...Object.entries(VIDEOS).map(([name, options]) => [
        "-map",
        "1:v",
        "-map",
        "0:a",
        ...options.split(" "),
        name,
      ]),
    ].flatMap((output) => [...output.slice(0, -1), join(folder, output.at(-1)!)]);
    await ffmpeg("-f", "lavfi", "-i", sound, "-f", "lavfi", "-i", pictures, ...outputs);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.concurrent.each(Object.entries(FORMATS))(
    "reads %s whole",
    async (name, [, codec, sampleRate, channels]) => {
      const file = join(folder, name);
      const audio = await readAudio(file);
      expect(audio.warnings).toEqual([]);
      expect(audio.facts).toMatchObject({ codec, sampleRate, channels });
      expect(audio.facts.sha256).toBe(
        createHash("sha256")
          .update(await readFile(file))
          .digest("hex"),
      );
      expectTone(audio.channels[0]!);
      expect(audio.facts.duration).toBe(audio.channels[0]!.length / 16_000);
      expect(audio.largestChunk).toBeLessThanOrEqual(65_536);
    },
  );

  it.concurrent.each(Object.keys(VIDEOS))(
    "reads the sound of %s, whose pictures last longer",
    async (name) => {
      const audio = await readAudio(join(folder, name));
      expect(audio.warnings).toEqual([]);
      expectTone(audio.channels[0]!);
    },
  );

  it.concurrent.each([
    ["narrow-band.amr", "#!AMR\n", 0x3c, 32, "amr_nb", 8000],
    ["wide-band.amr", "#!AMR-WB\n", 0x44, 61, "amr_wb", 16_000],
  ] as const)("reads %s", async (name, magic, mode, frameBytes, codec, sampleRate) => {
    const frames = randomBytes(frameBytes * 150); // 20 ms each; no encoder is at hand, and any bits decode
    for (let at = 0; at < frames.length; at += frameBytes) frames[at] = mode;
    await writeFile(join(folder, name), Buffer.concat([Buffer.from(magic), frames]));
    const audio = await readAudio(join(folder, name));
    expect(audio.warnings).toEqual([]);
    expect(audio.facts).toMatchObject({ codec, sampleRate, channels: 1 });
    expect(audio.facts.duration).toBeCloseTo(3, 1);
    expect(rms(audio.channels[0]!)).toBeGreaterThan(0.01);
  });

  it.concurrent("reads an mp3 behind a tag larger than ffmpeg probes, whatever the file is called", async () => {
    const mp3 = await readFile(join(folder, "variable-without-tag.mp3"));
    const size = 4_000_000; // as four digits of seven bits
    const digits = [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f);
    const tag = Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, ...digits]), Buffer.alloc(size)]);
    const file = join(folder, "nameless");
    await writeFile(file, Buffer.concat([tag, mp3]));
    const audio = await readAudio(file);
    expect(audio.warnings).toEqual([]);
    expect(audio.declaredDuration).toBeNull();
    expectTone(audio.channels[0]!);
  });

  it.concurrent.each([
    "constant.mp3",
    "variable-without-tag.mp3",
    "opus.ogg",
    "vorbis.ogg",
    "lossless.flac",
    "telephone.wav",
    "mu-law.wav",
    "24-bit.wav",
    "float.wav",
  ])("reads %s with one process", async (name) => {
    const tools = { ffprobe: "no-such-ffprobe" };
    const [codec, sampleRate, channels] = FORMATS[name]!.slice(1);
    const audio = await readAudio(join(folder, name), { tools });
    expect(audio.facts).toMatchObject({ codec, sampleRate, channels });
    if (name !== "variable-without-tag.mp3") expect(audio.declaredDuration).toBeCloseTo(SECONDS, 0);
  });

  it.concurrent("gives the same samples natively and through ffmpeg, mixed and split", async () => {
    const wav = join(folder, "stereo.wav");
    await writeFile(wav, pcmWav([tone(300, 4.5), tone(1700, 4.5)]));
    const copy = join(folder, "stereo.w64");
    await ffmpeg("-i", wav, copy);
    for (const channels of ["mix", "split"] as const) {
      const native = await readAudio(wav, { channels });
      const decoded = await readAudio(copy, { channels });
      expect(native.channels[0]!.length).toBe(72_000);
      expect(sameSamples(decoded.channels, native.channels)).toBe(true);
    }
  });

  it.concurrent("splits the channels of a compressed file, and mixes them to their mean", async () => {
    const wav = join(folder, "two-speakers.wav");
    await writeFile(wav, pcmWav([tone(400, 3), tone(1300, 3)]));
    const flac = join(folder, "two-speakers.flac");
    await ffmpeg("-i", wav, "-ar", "48000", flac);
    const split = await readAudio(flac, { channels: "split" });
    expect(split.channels).toHaveLength(2);
    expect(shareAt(400, split.channels[0]!)).toBeGreaterThan(0.99);
    expect(shareAt(1300, split.channels[1]!)).toBeGreaterThan(0.99);
    const [mixed] = (await readAudio(flac)).channels;
    expect(rms(mixed!)).toBeCloseTo(0.25, 2);
  });

  it.concurrent("splits 5.1 into six channels, and folds more channels than ffmpeg can", async () => {
    const file = join(folder, "many.wav");
    for (const count of [6, 12]) {
      const tones = Array.from({ length: count }, (_, channel) => tone(300 + 100 * channel, 1));
      await writeFile(file, pcmWav(tones));
      const split = await readAudio(file, { channels: "split" });
      const shares = split.channels.map((samples, channel) => shareAt(300 + 100 * channel, samples));
      expect(Math.min(...shares)).toBeGreaterThan(0.99);
      expect(shares).toHaveLength(count);
    }
    const [mixed] = (await readAudio(file)).channels;
    expect(rms(mixed!)).toBeCloseTo(0.5 / Math.sqrt(24), 2);
  });

  it.concurrent("does not clip two loud channels that say the same", async () => {
    const loud = tone(440, 1).map((sample) => sample * 1.9);
    const file = join(folder, "loud.w64");
    const wav = join(folder, "loud.wav");
    await writeFile(wav, pcmWav([loud, loud]));
    await ffmpeg("-i", wav, file);
    const [mixed] = (await readAudio(file)).channels;
    expect(rms(mixed!)).toBeCloseTo(rms(loud), 3);
  });
});

function expectTone(samples: Float32Array): void {
  expect(samples.length / 16_000).toBeGreaterThan(SECONDS - 0.15);
  expect(samples.length / 16_000).toBeLessThan(SECONDS + 0.15);
  expect(shareAt(440, samples.subarray(8000, 40_000))).toBeGreaterThan(0.95);
  expect(rms(samples)).toBeGreaterThan(0.1);
}
