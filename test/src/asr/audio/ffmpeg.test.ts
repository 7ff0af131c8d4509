import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAudio } from "../../../../src/asr/audio/open-audio.ts";
import type { AudioTools } from "../../../../src/asr/audio/types.ts";
import { fakeTool, ffmpegWithPid, isAlive } from "../../../support/fake-tool.ts";
import { describeWithFfmpeg } from "../../../support/ffmpeg.ts";
import { readWatchingMemory } from "../../../support/memory-growth.ts";
import { LIMITS, readAudio } from "../../../support/read-audio.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { tone } from "../../../support/tones.ts";
import { pcmWav } from "../../../support/wav.ts";

const HANG = "exec tail -f /dev/null";
const TELEPHONE = pcmWav([tone(440, 60, 8000)], { sampleRate: 8000 });

/** A file of which ffprobe has to tell. */
const SURROUND = pcmWav([tone(440, 60), tone(440, 60), tone(440, 60)]);

function open(tools: Partial<AudioTools>, signal?: AbortSignal) {
  return openAudio("ffprobe" in tools ? SURROUND : TELEPHONE, {
    channels: "mix",
    limits: LIMITS,
    tools,
    ...(signal && { signal }),
  });
}

describe("without ffmpeg", () => {
  it("says how to get it, or how to do without", async () => {
    await expect(open({ ffprobe: "no-such-ffprobe" })).rejects.toMatchObject({
      name: "EngineError",
      code: "ffmpeg_missing",
      message: expect.stringMatching(/Install ffmpeg .* 16 kHz 16-bit PCM WAV/),
    });
  });
});

describeWithFfmpeg("the ffmpeg subprocess", () => {
  let folder: string;
  let pidFile: string;
  let ffmpeg: string;
  const pid = async () => Number(await readFile(pidFile, "utf8"));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
    pidFile = join(folder, "pid");
    ffmpeg = await ffmpegWithPid(folder, pidFile);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is missed with the same words when only the decoder is missing", async () => {
    await expect(readAudio(TELEPHONE, { tools: { ffmpeg: "no-such-ffmpeg" } })).rejects.toMatchObject({
      code: "ffmpeg_missing",
    });
  });

  it("is gone and reaped once the recording has been read", async () => {
    await readAudio(TELEPHONE, { tools: { ffmpeg } });
    expect(isAlive(await pid())).toBe(false);
  });

  it("is gone and reaped when the reading is given up", async () => {
    const reader = await open({ ffmpeg });
    for await (const _ of reader.chunks()) break;
    expect(isAlive(await pid())).toBe(false);
    await reader.close();
  });

  it("is gone and reaped by closing, even while the reader is in the middle of a chunk", async () => {
    const reader = await open({ ffmpeg });
    const chunks = reader.chunks()[Symbol.asyncIterator]();
    await chunks.next();
    expect(isAlive(await pid())).toBe(true);
    await reader.close();
    expect(isAlive(await pid())).toBe(false);
    await expect(chunks.next()).rejects.toMatchObject({ code: "engine_closed" });
  });

  it("is killed by an abort, whose reason comes out", async () => {
    const reason = new Error("changed my mind");
    const controller = new AbortController();
    const reader = await open({ ffmpeg: await fakeTool(folder, "hang", HANG) }, controller.signal);
    const next = reader.chunks()[Symbol.asyncIterator]().next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await reader.close();

    const probing = new AbortController();
    const hanging = await fakeTool(folder, "hang-probe", `echo $$ > '${pidFile}'; ${HANG}`);
    const opening = open({ ffprobe: hanging }, probing.signal);
    probing.abort(reason);
    await expect(opening).rejects.toBe(reason);
  });

  it("is killed by the watchdog when it gives nothing while it is waited for", async () => {
    const stuck = await fakeTool(folder, "stuck", `echo $$ > '${pidFile}'; ${HANG}`);
    const reading = readAudio(TELEPHONE, { tools: { ffmpeg: stuck, stallSeconds: 0.3 } });
    await expect(reading).rejects.toMatchObject({
      code: "corrupt_media",
      message: expect.stringContaining("stopped"),
    });
    expect(isAlive(await pid())).toBe(false);
  });

  it("is killed when it takes too long over the header, or says too much of it", async () => {
    const stuck = await fakeTool(folder, "stuck-probe", HANG);
    await expect(open({ ffprobe: stuck, probeSeconds: 0.3 })).rejects.toMatchObject({
      code: "corrupt_media",
    });
    const chatty = await fakeTool(folder, "chatty", "exec yes");
    await expect(open({ ffprobe: chatty })).rejects.toMatchObject({ code: "corrupt_media" });
  });

  it("that crashes condemns the recording; that is killed from outside does not", async () => {
    const crashing = await fakeTool(folder, "crash", "kill -SEGV $$");
    await expect(readAudio(TELEPHONE, { tools: { ffmpeg: crashing } })).rejects.toMatchObject({
      code: "corrupt_media",
    });
    const killed = await fakeTool(folder, "killed", "kill -KILL $$");
    await expect(readAudio(TELEPHONE, { tools: { ffmpeg: killed } })).rejects.toMatchObject({
      name: "EngineError",
      code: "engine_failed",
    });
  });

  it("may complain at any length without filling memory or showing paths", async () => {
    const noisy = await fakeTool(
      folder,
      "noisy",
      `for a in "$@"; do case "$a" in file:*) f=$a;; esac; done
       yes "[aac @ 0xabc] trouble in $f" | head -n 200000 >&2
       exec ffmpeg -v quiet -f lavfi -t 2 -i anullsrc=r=16000:cl=mono -c:a pcm_f32le -f matroska pipe:1`,
    );
    const audio = await readAudio(pcmWav([tone(440, 2, 8000)], { sampleRate: 8000 }), {
      tools: { ffmpeg: noisy },
    });
    expect(audio.facts.duration).toBe(2);
    expect(audio.warnings).toEqual([
      {
        code: "decode_errors",
        at: expect.any(Number),
        message:
          "The recording is damaged in places; what could be decoded was. The decoder said: trouble in the file",
      },
    ]);
  });

  it("that gives more than the header says is stopped at the limit", async () => {
    const endless = await fakeTool(
      folder,
      "endless",
      `echo $$ > '${pidFile}'
       exec ffmpeg -v quiet -f lavfi -i anullsrc=r=16000:cl=mono -c:a pcm_f32le -f matroska pipe:1`,
    );
    const reading = readAudio(TELEPHONE, {
      tools: { ffmpeg: endless },
      limits: { ...LIMITS, maxSeconds: 90 },
    });
    await expect(reading).rejects.toMatchObject({ code: "too_long" });
    expect(isAlive(await pid())).toBe(false);
  });

  it("decodes 100 MB without their piling up in memory", async () => {
    const file = join(await temporaryFolder(), "long.wav");
    await writeFile(
      file,
      pcmWav([new Float32Array(0)], { claimedBytes: 100_000_002, claimedChannels: 3, sampleRate: 16_000 }),
    );
    await truncate(file, 100_000_046);
    const reader = await openAudio(file, { channels: "split", limits: LIMITS });
    expect(reader.outputChannels).toBe(3);
    const { samples, most } = await readWatchingMemory(reader);
    expect(samples).toBe(16_666_667);
    expect(most / 1e6).toBeLessThan(100);
  });
});
