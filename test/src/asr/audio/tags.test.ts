import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeWithFfmpeg } from "../../../support/ffmpeg.ts";
import { readAudio } from "../../../support/read-audio.ts";
import { ffmpeg } from "../../../support/run-ffmpeg.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { randomBytes, shareAt } from "../../../support/tones.ts";

describeWithFfmpeg("an ID3 tag", () => {
  it.each([
    ["a.wav", "-ar 16000"],
    ["b.wav", "-ar 44100"],
    ["a.w64", "-c:a pcm_s16le"],
    ["a.ogg", "-c:a libopus"],
    ["a.aiff", ""],
    ["a.mka", "-c:a libvorbis"],
    ["a.wv", ""],
    ["a.tta", ""],
    ["a.ac3", ""],
    ["a.flac", ""],
    ["a.mp3", "-c:a libmp3lame"],
    ["a.aac", ""],
    ["a.au", ""],
    ["a.wma", ""],
    ["a.ts", "-c:a aac"],
  ])("before %s %s is read over, however large it is", async (name, options) => {
    const file = join(await temporaryFolder(), name);
    const tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=2"];
    await ffmpeg(...tone, ...options.split(" ").filter(Boolean), file);
    const plain = await readAudio(file);
    const size = 300_000; // more than ffmpeg looks through by itself
    const digits = [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f);
    const tag = Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, ...digits]), Buffer.alloc(size)]);
    randomBytes(size - 100).copy(tag, 50);
    const { channels, facts, warnings } = await readAudio(Buffer.concat([tag, await readFile(file)]));
    expect(warnings).toEqual([]);
    expect(facts.codec).toBe(plain.facts.codec);
    expect(facts.duration).toBeCloseTo(plain.facts.duration, 1);
    expect(shareAt(440, channels[0]!)).toBeGreaterThan(0.95);
  });
});
