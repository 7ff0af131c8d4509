import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithFfmpeg } from "../../../support/ffmpeg.ts";
import { readAudio } from "../../../support/read-audio.ts";
import { ffmpeg } from "../../../support/run-ffmpeg.ts";
import { rms, shareAt, tone } from "../../../support/tones.ts";
import { pcmWav } from "../../../support/wav.ts";

describeWithFfmpeg("a recording of several tracks", () => {
  let folder: string;
  let video: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
    video = join(folder, "studio.mkv");
    const tones = [
      [440, 3],
      [880, 2],
      [1320, 4],
    ].map(([frequency, seconds]) => `sine=frequency=${frequency}:sample_rate=48000:duration=${seconds}`);
    const inputs = tones.flatMap((sine) => ["-f", "lavfi", "-i", sine]);
    const maps = ["-map", "0", "-map", "1", "-map", "2", "-c:a", "flac", "-ac:a:1", "2"];
    const names = ["-metadata:s:a:0", "title=Desktop", "-metadata:s:a:2", "language=fra"];
    const standing = ["-disposition:a:0", "0", "-disposition:a:1", "default", "-disposition:a:2", "0"];
    await ffmpeg(...inputs, ...maps, ...names, ...standing, video);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is heard in its default track, and names the others", async () => {
    const { channels, facts, warnings } = await readAudio(video);
    expect(shareAt(880, channels[0]!)).toBeGreaterThan(0.95);
    expect(facts).toMatchObject({ channels: 2, duration: 2 });
    expect(warnings).toEqual([
      {
        code: "other_tracks",
        at: 0,
        message:
          "studio.mkv has 3 tracks of sound. Track 2 was read; track 1 (Desktop), track 3 (fra) were not.",
      },
    ]);
  });

  it("is heard in the track that is asked for, without a warning", async () => {
    const { channels, warnings } = await readAudio(video, { track: 3 });
    expect(shareAt(1320, channels[0]!)).toBeGreaterThan(0.95);
    expect(warnings).toEqual([]);
    const stereo = await readAudio(video, { track: 2, channels: "split" });
    expect(stereo.channels).toHaveLength(2);
    expect(shareAt(880, stereo.channels[1]!)).toBeGreaterThan(0.95);
  });

  it("gives every track as a channel when channels are split, each as long as the longest", async () => {
    const { channels, facts, warnings } = await readAudio(video, { channels: "split" });
    expect(facts).toMatchObject({ channels: 3, duration: 4 });
    expect(shareAt(440, channels[0]!.subarray(0, 48_000))).toBeGreaterThan(0.95);
    expect(shareAt(880, channels[1]!.subarray(0, 32_000))).toBeGreaterThan(0.95);
    expect(shareAt(1320, channels[2]!)).toBeGreaterThan(0.95);
    expect(rms(channels[0]!.subarray(50_000))).toBe(0);
    expect(warnings).toEqual([]);
  });

  it("says what it has when it lacks the one that is asked for", async () => {
    await expect(readAudio(video, { track: 4 })).rejects.toMatchObject({
      code: "no_audio",
      message: "studio.mkv has no track 4: it has 3 tracks of sound.",
    });
    for (const sampleRate of [16_000, 8000]) {
      const wav = join(folder, "one.wav");
      await writeFile(wav, pcmWav([tone(440, 1, sampleRate)], { sampleRate }));
      await expect(readAudio(wav, { track: 2 })).rejects.toMatchObject({
        code: "no_audio",
        message: "one.wav has no track 2: it has one track of sound.",
      });
      expect((await readAudio(wav, { track: 1 })).facts.duration).toBe(1);
    }
  });
});
