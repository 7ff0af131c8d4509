import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWithFfmpeg } from "../../../support/ffmpeg.ts";
import { readAudio } from "../../../support/read-audio.ts";
import { ffmpeg } from "../../../support/run-ffmpeg.ts";
import { randomBytes } from "../../../support/tones.ts";
import { pcmWav } from "../../../support/wav.ts";

/** Seconds at which the source has 200 ms of a tone; there is silence around them. */
const BEEPS = [1, 3, 5, 7, 9];
const SECONDS = 10;

/** What a player shows, in seconds, must be met by this much. */
const NEAR = 0.05;

describeWithFfmpeg("the times of a recording", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
    await writeFile(at("source.wav"), pcmWav([beeping(BEEPS, SECONDS)], { sampleRate: 48_000 }));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  describe("whose sound starts after its pictures", () => {
    it.each([
      ["late.mp4", "-c:v mpeg4 -c:a aac"],
      ["late.mov", "-c:v mpeg4 -c:a pcm_s16le"],
      ["late.mkv", "-c:v mpeg4 -c:a flac"],
      ["late.webm", "-c:v libvpx -c:a libopus"],
      ["late.ts", "-c:v mpeg2video -c:a mp2"],
      ["late.flv", "-c:v flv -c:a libmp3lame -ar 44100"],
    ])("are those of %s", async (name, codecs) => {
      const pictures = "testsrc=size=64x64:rate=5:duration=17";
      const sound = ["-itsoffset", "5", "-i", at("source.wav")];
      await ffmpeg("-f", "lavfi", "-i", pictures, ...sound, ...codecs.split(" "), at(name));
      const { channels, warnings, facts } = await readAudio(at(name));
      expectBeeps(
        channels[0]!,
        BEEPS.map((second) => second + 5),
      );
      expect(facts.duration).toBeCloseTo(SECONDS + 5, 0);
      expect(warnings).toEqual([]);
    });
  });

  describe("with a gap", () => {
    const gap = (seconds: number) => `asetpts=PTS+if(gte(T\\,4)\\,${seconds}/TB\\,0)`;
    const expected = (seconds: number) => BEEPS.map((beep) => (beep < 4 ? beep : beep + seconds));

    it.each([
      ["gap.ts", "-c:a aac", 6],
      ["long-gap.ts", "-c:a aac", 25],
      ["gap.flv", "-c:a aac -ar 44100", 6],
      ["gap.mkv", "-c:a aac", 6],
      ["gap.mp4", "-c:a aac", 6],
      ["gap.webm", "-c:a libopus", 6],
      ["gap.ogg", "-c:a libopus", 6],
      ["long-gap.ogg", "-c:a libvorbis", 25],
    ])("go on after it in %s", async (name, codec, seconds) => {
      await ffmpeg("-i", at("source.wav"), "-af", gap(seconds), ...codec.split(" "), at(name));
      const { channels, warnings } = await readAudio(at(name));
      expectBeeps(channels[0]!, expected(seconds));
      expect(warnings).toEqual([]);
    });
  });

  describe("of what was damaged", () => {
    it.each([
      ["lost-pages.ogg", "-c:a libopus -page_duration 100000", cutOut],
      ["lost-pages.oga", "-c:a libvorbis -page_duration 100000", cutOut],
      ["lost-packets.ts", "-c:a aac -b:a 64k", cutOutPackets],
      ["lost-packets.webm", "-c:a libopus -cluster_time_limit 500", cutOut],
      ["damaged.flac", "-c:a flac", overwrite],
      ["damaged.ogg", "-c:a libopus -page_duration 100000", overwrite],
      ["damaged.m4a", "-c:a aac -movflags +faststart", overwrite],
    ] as const)("are right behind the damage in %s", async (name, codec, harm) => {
      const noisy = "aeval=val(0)+0.01*random(0):c=same"; // so that every frame takes bytes
      await ffmpeg("-i", at("source.wav"), "-af", noisy, ...codec.split(" "), at(name));
      await writeFile(at(name), harm(await readFile(at(name))));
      const { channels, warnings, facts } = await readAudio(at(name));
      const found = onsets(channels[0]!);
      expectNear(found.slice(0, 2), [1, 3]);
      expectNear(found.slice(-2), [7, 9]);
      expect(facts.duration).toBeCloseTo(SECONDS, 0);
      expect(warnings.filter(({ code }) => code === "truncated")).toEqual([]);
    });
  });

  it.each([
    ["joined.webm", "-c:a libopus"],
    ["joined.mp3", "-c:a libmp3lame"],
    ["joined.ts", "-c:a aac"],
    ["joined.ogg", "-c:a libvorbis"],
    ["joined.aac", "-c:a aac"],
  ])("of %s follow on, and nothing of the second half is lost", async (name, codec) => {
    await ffmpeg("-i", at("source.wav"), ...codec.split(" "), at(name));
    const one = await readFile(at(name));
    await writeFile(at(name), Buffer.concat([one, one]));
    const { channels, facts } = await readAudio(at(name));
    const found = onsets(channels[0]!);
    const second = found[BEEPS.length]! - 1;
    expect(Math.abs(second - SECONDS)).toBeLessThan(0.2); // priming and padding of the codec
    expectNear(found, [...BEEPS, ...BEEPS.map((beep) => beep + second)]);
    expect(Math.abs(facts.duration - 2 * SECONDS)).toBeLessThan(0.4);
  });
});

function beeping(seconds: readonly number[], length: number): Float32Array {
  const samples = new Float32Array(length * 48_000);
  for (const second of seconds)
    for (let i = 0; i < 9600; i++)
      samples[second * 48_000 + i] = 0.5 * Math.sin((2 * Math.PI * 1000 * i) / 48_000);
  return samples;
}

/** Seconds at which sound begins after at least 100 ms of near silence. */
function onsets(samples: Float32Array): number[] {
  const found: number[] = [];
  let quiet = 1600;
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i]!) < 0.2) quiet++;
    else {
      if (quiet >= 1600) found.push(i / 16_000);
      quiet = 0;
    }
  }
  return found;
}

function expectBeeps(samples: Float32Array, expected: readonly number[]): void {
  expectNear(onsets(samples), expected);
}

function expectNear(found: readonly number[], expected: readonly number[]): void {
  const far = expected.map((second, i) => Math.abs(second - (found[i] ?? Number.NaN)) < NEAR);
  expect({ found, far: far.filter((near) => !near).length, count: found.length }).toEqual({
    found,
    far: 0,
    count: expected.length,
  });
}

/** A copy without the bytes from 45 to 55 % of the file. */
function cutOut(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, bytes.length * 0.45), bytes.subarray(bytes.length * 0.55)]);
}

function cutOutPackets(bytes: Buffer): Buffer {
  const packet = (share: number) => 188 * Math.round((bytes.length * share) / 188);
  return Buffer.concat([bytes.subarray(0, packet(0.45)), bytes.subarray(packet(0.55))]);
}

function overwrite(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const [from, to] = [Math.round(bytes.length * 0.45), Math.round(bytes.length * 0.55)];
  randomBytes(to - from, 3).copy(copy, from);
  return copy;
}
