import { chmod, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { openAudio } from "../../../../src/asr/audio/open-audio.ts";
import { LIMITS, readAudio } from "../../../support/read-audio.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { sameSamples, tone } from "../../../support/tones.ts";
import { pcmWav } from "../../../support/wav.ts";

const WAV = pcmWav([tone(440, 2)]);
const OPTIONS = { channels: "mix", limits: LIMITS } as const;

describe("a recording", () => {
  it("is the same from a path, from bytes and from a stream", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "tone.wav");
    await writeFile(path, WAV);
    const fromPath = await readAudio(path);
    const spoolFolder = await temporaryFolder();
    const pieces = Array.from({ length: 65 }, (_, i) => WAV.subarray(i * 1000, (i + 1) * 1000));
    for (const source of [WAV, Readable.from(pieces)]) {
      const spooled = await readAudio(source, { temporaryFolder: spoolFolder });
      expect(spooled.facts).toEqual(fromPath.facts);
      expect(sameSamples(spooled.channels, fromPath.channels)).toBe(true);
    }
    expect(await readdir(spoolFolder)).toEqual([]);
  });

  it("is spooled where nobody else can read it, until it is closed", async () => {
    const temporary = await temporaryFolder();
    const reader = await openAudio(WAV, { ...OPTIONS, temporaryFolder: temporary });
    expect(await readdir(temporary)).toHaveLength(1);
    await reader.close();
    await reader.close();
    expect(await readdir(temporary)).toEqual([]);
  });

  it("that streams past the limit of bytes is refused without being taken in whole", async () => {
    const temporary = await temporaryFolder();
    let sent = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          sent += 1000;
          yield Buffer.alloc(1000);
        }
      })(),
    );
    const opening = openAudio(endless, {
      ...OPTIONS,
      temporaryFolder: temporary,
      limits: { ...LIMITS, maxBytes: 50_000 },
    });
    await expect(opening).rejects.toMatchObject({ name: "RecordingError", code: "too_large" });
    expect(sent).toBeLessThan(100_000);
    expect(endless.destroyed).toBe(true);
    expect(await readdir(temporary)).toEqual([]);
  });

  it("as bytes past the limit is refused before a file is made", async () => {
    const limits = { ...LIMITS, maxBytes: WAV.length - 1 };
    const opening = openAudio(WAV, { channels: "mix", limits, temporaryFolder: "/no/such/folder" });
    await expect(opening).rejects.toMatchObject({ code: "too_large" });
  });

  it("whose stream breaks passes that very error on, for it may be worth a retry", async () => {
    const temporary = await temporaryFolder();
    const broken = new Error("connection reset");
    const source = Readable.from(
      (function* () {
        yield WAV.subarray(0, 1000);
        throw broken;
      })(),
    );
    await expect(openAudio(source, { ...OPTIONS, temporaryFolder: temporary })).rejects.toBe(broken);
    expect(await readdir(temporary)).toEqual([]);
  });

  it("that cannot be spooled blames the disk, not the recording", async () => {
    const opening = openAudio(WAV, { ...OPTIONS, temporaryFolder: "/no/such/folder" });
    await expect(opening).rejects.toMatchObject({ name: "EngineError", code: "engine_failed" });
  });

  it("of no bytes has no audio, however it comes", async () => {
    const temporary = await temporaryFolder();
    for (const source of [new Uint8Array(0), Readable.from([])]) {
      const opening = openAudio(source, { ...OPTIONS, temporaryFolder: temporary });
      await expect(opening).rejects.toMatchObject({
        code: "no_audio",
        message: "The file is empty (0 bytes).",
      });
    }
    expect(await readdir(temporary)).toEqual([]);
  });

  it.each([
    "/no/such/talk.wav",
    "bad\0name.wav",
    `${"x".repeat(5000)}.wav`,
    "https://example.org/talk.wav",
    "",
  ])("at a path where there is none is not found: %j", async (path) => {
    await expect(openAudio(path, OPTIONS)).rejects.toMatchObject({ code: "not_found" });
  });

  it.each([
    ["--boundary42\r\nContent-Disposition: form-data; name=file\r\n\r\nRIFF", "a form"],
    [gzipSync(WAV), "gzip"],
    [Buffer.from("504b030414000000", "hex"), "zip archive"],
    ["<!doctype html><title>Sign in</title>", "a web page"],
    ['{"audio": "UklGRg=="}', "JSON"],
    [WAV.subarray(0, 600).toString("base64"), "base64"],
    [`data:audio/wav;base64,${WAV.subarray(0, 600).toString("base64")}`, "base64"],
    [Buffer.from("0005160700020000", "hex"), "AppleDouble"],
  ])("that is something else is refused by its name: %#", async (bytes, said) => {
    await expect(openAudio(Buffer.from(bytes as string), OPTIONS)).rejects.toMatchObject({
      code: "unsupported_media",
      message: expect.stringContaining(said),
    });
  });

  it("whose channels are the same says so when they are split", async () => {
    const same = await readAudio(pcmWav([tone(440, 1), tone(440, 1)]), { channels: "split" });
    expect(same.warnings.map(({ code }) => code)).toEqual(["identical_channels"]);
    const silent = new Float32Array(16_000);
    for (const other of [tone(441, 1), silent]) {
      expect((await readAudio(pcmWav([tone(440, 1), other]), { channels: "split" })).warnings).toEqual([]);
    }
    expect((await readAudio(pcmWav([silent, silent]), { channels: "split" })).warnings).toEqual([]);
    expect((await readAudio(pcmWav([tone(440, 1), tone(440, 1)]))).warnings).toEqual([]);
  });

  it("that may not be read is not found, with the reason", async () => {
    const path = join(await temporaryFolder(), "secret.wav");
    await writeFile(path, WAV);
    await chmod(path, 0);
    if (process.getuid?.() === 0) {
      // Nothing is forbidden to root: be nobody for a moment.
      process.seteuid?.(65534);
      onTestFinished(() => process.seteuid?.(0));
    }
    await expect(openAudio(path, OPTIONS)).rejects.toMatchObject({
      code: "not_found",
      message: "There is no permission to read secret.wav.",
    });
  });

  it("is named in messages by its base name, made harmless", async () => {
    const path = join(await temporaryFolder(), "a\nb.wav");
    await writeFile(path, pcmWav([tone(440, 0.01)]));
    await expect(readAudio(path)).rejects.toThrow(
      /^a\?b\.wav holds 10 ms of audio; at least 85 ms are needed\.$/,
    );
  });

  it("keeps its facts until it has been read, and can be read once", async () => {
    const reader = await openAudio(WAV, OPTIONS);
    expect(() => reader.facts()).toThrow(/read to its end/);
    await Array.fromAsync(reader.chunks());
    expect(reader.facts().duration).toBe(2);
    await expect(Array.fromAsync(reader.chunks())).rejects.toMatchObject({ code: "invalid_option" });
    await reader.close();
    expect(reader.facts().duration).toBe(2);
  });

  it("can be given up in the middle", async () => {
    const temporary = await temporaryFolder();
    const reader = await openAudio(pcmWav([tone(440, 10)]), { ...OPTIONS, temporaryFolder: temporary });
    for await (const [chunk] of reader.chunks()) {
      expect(chunk!.length).toBe(65_536);
      break;
    }
    await reader.close();
    expect(await readdir(temporary)).toEqual([]);
  });

  it("that is closed while it is read says so to whoever reads on", async () => {
    const reader = await openAudio(pcmWav([tone(440, 10)]), OPTIONS);
    const chunks = reader.chunks()[Symbol.asyncIterator]();
    await chunks.next();
    await reader.close();
    await expect(chunks.next()).rejects.toMatchObject({ code: "engine_closed" });
  });

  it("that is aborted rejects with the signal's own reason, at every stage", async () => {
    const reason = new Error("changed my mind");
    const temporary = await temporaryFolder();
    const options = { ...OPTIONS, temporaryFolder: temporary };
    const aborted = AbortSignal.abort(reason);
    await expect(openAudio(WAV, { ...options, signal: aborted })).rejects.toBe(reason);

    const spooling = new AbortController();
    const silent = new Readable({ read: () => queueMicrotask(() => spooling.abort(reason)) });
    await expect(openAudio(silent, { ...options, signal: spooling.signal })).rejects.toBe(reason);
    expect(await readdir(temporary)).toEqual([]);

    const reading = new AbortController();
    const reader = await openAudio(pcmWav([tone(440, 10)]), { ...options, signal: reading.signal });
    const chunks = reader.chunks()[Symbol.asyncIterator]();
    await chunks.next();
    reading.abort(reason);
    await expect(chunks.next()).rejects.toBe(reason);
    await reader.close();
    expect(await readdir(temporary)).toEqual([]);
  });

  it("that vanishes after it was opened is an error, not a crash", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "tone.wav");
    await writeFile(path, WAV);
    const reader = await openAudio(path, OPTIONS);
    await rename(path, join(folder, "gone.wav"));
    await expect(Array.fromAsync(reader.chunks())).rejects.toMatchObject({ code: "not_found" });
    await reader.close();
    expect(WAV.equals(await readFile(join(folder, "gone.wav")))).toBe(true);
  });
});
