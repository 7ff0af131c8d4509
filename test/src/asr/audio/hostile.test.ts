import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAudio } from "../../../../src/asr/audio/open-audio.ts";
import { probe } from "../../../../src/asr/audio/probe.ts";
import { withDefaults } from "../../../../src/asr/audio/tools.ts";
import { RecordingError } from "../../../../src/asr/errors.ts";
import { describeWithFfmpeg } from "../../../support/ffmpeg.ts";
import type { HostileCase } from "../../../support/hostile-case.ts";
import { makeHostileFiles } from "../../../support/hostile-files.ts";
import { LIMITS, readAudio } from "../../../support/read-audio.ts";
import { ffmpegOutput } from "../../../support/run-ffmpeg.ts";

describeWithFfmpeg("a hostile file", () => {
  let folder: string;
  let temporary: string;
  let cases: HostileCase[];
  let server: Server;
  let requests = 0;

  beforeAll(async () => {
    server = createServer((_, response) => {
      requests++;
      response.end();
    });
    // Any contact counts, whether or not it speaks HTTP.
    server.on("connection", () => requests++);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
    temporary = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
    cases = await makeHostileFiles(folder, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  afterAll(async () => {
    await Promise.all([folder, temporary].map((path) => rm(path, { recursive: true, force: true })));
    await new Promise((closed) => server.close(closed));
  });

  it("ends as the table says, without contacting anybody", async () => {
    expect(cases.length).toBeGreaterThan(55);
    const outcomes = await mapFew(cases, outcomeOf);
    expect(outcomes).toEqual(cases.map(({ name, expect }) => ({ name, ...expect })));
    expect(requests).toBe(0);
  });

  it("ends the same where short clips are left to ffmpeg, too", async () => {
    const clips = cases.filter(({ name }) => /\.(flac|ogg|mp3)$/.test(name));
    expect(clips.length).toBeGreaterThan(15);
    const outcomes = await mapFew(clips, (hostile) => outcomeOf({ ...hostile, clips: false }));
    expect(outcomes).toEqual(clips.map(({ name, expect }) => ({ name, ...expect })));
  });

  it("ends the same when it comes as a stream, without its name", async () => {
    const files = cases.filter(
      ({ name, lures }) => lures || /^(empty|text|truncated|picture-tag)/.test(name),
    );
    const outcomes = await mapFew(files, (hostile) =>
      outcomeOf({ ...hostile, source: createReadStream(hostile.file) }),
    );
    expect(outcomes).toEqual(files.map(({ name, expect }) => ({ name, ...expect })));
    expect(await readdir(temporary)).toEqual([]);
    expect(requests).toBe(0);
  });

  it("is not followed by ffprobe either, should our own look at it be fooled", async () => {
    const tools = withDefaults(undefined);
    const lists = cases.filter(({ name, lures }) => lures && name !== "external-reference.mov");
    const codes = await mapFew(lists, ({ file }) =>
      probe(sourceFile(file), { kind: null, demuxer: null }, tools, new AbortController().signal).then(
        ({ score }) => (score < 25 ? "doubtful" : "taken"),
        (error: RecordingError) => error.code,
      ),
    );
    expect(codes.filter((code) => code === "taken")).toEqual([]);
    expect(requests).toBe(0);
  });

  it("would have been followed by an ffmpeg left to itself", async () => {
    const lure = (name: string) => cases.find((hostile) => hostile.name === name)!.file;
    const raw = ["-f", "s16le", "pipe:1"];
    const trusting = ["-enable_drefs", "1", "-use_absolute_path", "1"];
    const tone = await ffmpegOutput(...trusting, "-i", lure("external-reference.mov"), ...raw);
    expect(tone.length).toBeGreaterThan(16_000);
    await ffmpegOutput(
      "-safe",
      "0",
      "-protocol_whitelist",
      "file,http,tcp",
      "-i",
      lure("list.ffconcat"),
      ...raw,
    ).catch(() => {});
    expect(requests).toBeGreaterThan(0);
  });

  async function outcomeOf(
    hostile: HostileCase & { source?: NodeJS.ReadableStream; clips?: boolean },
  ): Promise<object> {
    const { name, file, limits, source = file, clips = true, expect: expected } = hostile;
    const ended = await readAudio(source, {
      limits: { ...LIMITS, ...limits },
      temporaryFolder: temporary,
      tools: { clips },
    }).then(
      (audio) => {
        const codes = audio.warnings.map(({ code }) => code);
        // Codecs lose a frame or two at a cut; what was meant is shown where it is near enough.
        const meant = "seconds" in expected ? expected.seconds : Number.NaN;
        const seconds = Math.abs(audio.facts.duration - meant) < 0.3 ? meant : audio.facts.duration;
        for (const { code, at } of audio.warnings)
          if (code === "truncated") expect(at).toBe(audio.facts.duration);
        return { ok: true, seconds, ...(codes.length === 0 ? {} : { warnings: codes }) };
      },
      (error: unknown) => {
        if (!(error instanceof RecordingError)) throw error;
        expect(error.message).toMatch(/^[^\n]+\.$/);
        expect(error.message).not.toContain(folder);
        return { code: error.code };
      },
    );
    return { name, ...ended };
  }
});

it("is left alone by the reader when it is a text named .wav, even where there is no ffmpeg", async () => {
  const tools = { ffmpeg: "no-such-ffmpeg", ffprobe: "no-such-ffprobe" };
  const playlist = Buffer.from("#EXTM3U\nhttp://127.0.0.1:9/a.ts\n");
  const opening = openAudio(playlist, { channels: "mix", limits: LIMITS, tools });
  await expect(opening).rejects.toMatchObject({ code: "unsupported_media" });
});

function sourceFile(path: string) {
  return { path, size: 1, label: "it", sha256: null, dispose: async () => {} };
}

/** Four at a time: enough to keep the cores busy, too few to be slow for that alone. */
async function mapFew<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [i, item] of queue) results[i] = await map(item);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return results;
}
