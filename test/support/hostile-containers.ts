import { open, readFile, truncate, writeFile } from "node:fs/promises";
import type { HostileRecipe } from "./hostile-case.ts";
import { ffmpeg } from "./run-ffmpeg.ts";
import { randomBytes } from "./tones.ts";

/** Compressed files that ffmpeg makes whole and that are then cut, damaged or buried. */
export async function hostileContainers(folder: string): Promise<HostileRecipe[]> {
  const whole = await wholeFiles(folder);
  const mp3 = whole.get("mp3")!;
  const cutTo = (extension: string, share: number) =>
    whole.get(extension)!.subarray(0, Math.round(whole.get(extension)!.length * share));
  const cut = (name: string, extension: string, seconds: number): HostileRecipe => ({
    name,
    make: cutTo(extension, 0.5),
    expect: { ok: true, seconds, warnings: ["truncated"] },
  });
  return [
    cut("truncated.mp3", "mp3", 3),
    cut("truncated.flac", "flac", 3),
    cut("truncated.ogg", "ogg", 3),
    cut("truncated.webm", "webm", 3),
    cut("truncated-faststart.m4a", "mov", 3),
    { name: "truncated.m4a", make: cutTo("m4a", 0.5), expect: { code: "corrupt_media" } },
    {
      name: "ogg-headers-only.ogg",
      make: whole.get("ogg")!.subarray(0, 200),
      expect: { code: "corrupt_media" },
    },
    {
      name: "flac-header-only.flac",
      make: whole.get("flac")!.subarray(0, 42),
      expect: { code: "corrupt_media" },
    },
    {
      name: "flac-of-noise.flac",
      make: overwritten(whole.get("flac")!, 0.03, 1),
      expect: { code: "corrupt_media" },
    },
    {
      name: "flac-of-fifty-hours.flac",
      make: withFlacSamples(whole.get("flac")!, 50 * 3600 * 16_000),
      expect: { code: "too_long" },
    },
    {
      name: "damaged-middle.flac",
      make: overwritten(whole.get("flac")!, 0.4, 0.43),
      expect: { ok: true, seconds: 6, warnings: ["decode_errors"] },
    },
    {
      name: "garbage-after-ftyp.mp4",
      make: overwritten(whole.get("m4a")!, 0.01, 1),
      expect: { code: "corrupt_media" },
    },
    {
      name: "matroska-of-noise.mkv",
      make: overwritten(whole.get("webm")!, 0.01, 1),
      expect: { code: "corrupt_media" },
    },
    { name: "video-without-sound.mp4", make: whole.get("silent")!, expect: { code: "no_audio" } },
    { name: "picture.mp3", make: whole.get("png")!, expect: { code: "unsupported_media" } },
    {
      name: "subtitles.srt",
      make: "1\n00:00:01,000 --> 00:00:02,000\nHello\n",
      expect: { code: "unsupported_media" },
    },
    {
      name: "mp3-of-a-hundred-hours.mp3",
      make: withXingFrames(mp3, 0x00ff_ffff),
      expect: { code: "too_long" },
    },
    {
      name: "id3-cut-off.mp3",
      make: id3(200_000_000, randomBytes(5_000)),
      expect: { code: "corrupt_media" },
    },
    {
      name: "picture-tag-of-50-mb.mp3",
      make: (path) => writeBehindPicture(path, mp3),
      expect: { ok: true, seconds: 6 },
    },
    { name: "random-bytes.bin", make: randomBytes(100_000, 7), expect: { code: "unsupported_media" } },
    { name: "random-bytes.mp3", make: randomBytes(100_000, 8), expect: { code: "unsupported_media" } },
    { name: "zeros.aac", make: Buffer.alloc(300_000), expect: { code: "unsupported_media" } },
    { name: "one-byte.mp3", make: "x", expect: { code: "unsupported_media" } },
    { name: "text.mp3", make: "This is not music.\n".repeat(500), expect: { code: "unsupported_media" } },
    { name: "page.m4a", make: "<!doctype html><title>404</title>", expect: { code: "unsupported_media" } },
    {
      name: "archive.ogg",
      make: Buffer.from("504b0304140000000800", "hex"),
      expect: { code: "unsupported_media" },
    },
  ];
}

/** One run of ffmpeg makes them all: six seconds of a tone, a video without sound, a picture. */
async function wholeFiles(folder: string): Promise<Map<string, Buffer>> {
  const audio = ["-map", "0:a", "-c:a"];
  const outputs: Record<string, string[]> = {
    mp3: [...audio, "libmp3lame"],
    flac: [...audio, "flac"],
    ogg: [...audio, "libopus", "-page_duration", "200000"],
    webm: [...audio, "libopus"],
    mov: [...audio, "aac", "-movflags", "+faststart"],
    m4a: [...audio, "aac"],
  };
  const args = Object.entries(outputs).flatMap(([name, options]) => [...options, `${folder}/whole.${name}`]);
  const mixed = "sine=frequency=440:sample_rate=16000:duration=6,aeval=val(0)+0.05*random(0)";
  const video = ["-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=2"];
  const silent = ["-map", "1:v", "-c:v", "mpeg4", `${folder}/whole.silent.mp4`];
  const picture = ["-map", "1:v", "-frames:v", "1", `${folder}/whole.png`];
  await ffmpeg("-f", "lavfi", "-i", mixed, ...video, ...args, ...silent, ...picture);
  const names = [...Object.keys(outputs), "png", "silent.mp4"];
  const files = await Promise.all(names.map((name) => readFile(`${folder}/whole.${name}`)));
  return new Map(names.map((name, i) => [name.replace(".mp4", ""), files[i]!]));
}

/** A copy in which the bytes of one stretch are random. */
function overwritten(bytes: Buffer, from: number, to: number): Buffer {
  const copy = Buffer.from(bytes);
  const start = Math.round(bytes.length * from);
  randomBytes(Math.round(bytes.length * to) - start, 5).copy(copy, start);
  return copy;
}

/** The 36 bits of STREAMINFO that count samples end at byte 26. */
function withFlacSamples(flac: Buffer, samples: number): Buffer {
  const copy = Buffer.from(flac);
  copy.writeUInt32BE(samples % 2 ** 32, 22);
  copy[21] = (copy[21]! & 0xf0) | Math.floor(samples / 2 ** 32);
  return copy;
}

function withXingFrames(mp3: Buffer, frames: number): Buffer {
  const copy = Buffer.from(mp3);
  const tag = Math.max(copy.indexOf("Info", 0, "latin1"), copy.indexOf("Xing", 0, "latin1"));
  copy.writeUInt32BE(frames, tag + 8);
  return copy;
}

/** An ID3v2.3 tag that claims a length of its own, with the content given. */
function id3(claimed: number, content: Buffer): Buffer {
  const size = [21, 14, 7, 0].map((shift) => (claimed >> shift) & 0x7f);
  return Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, ...size]), content]);
}

/** A tag with 50 MB of picture; a hole in the file, so that it takes neither disk nor time. */
async function writeBehindPicture(path: string, mp3: Buffer): Promise<void> {
  const picture = 50_000_000;
  const head = Buffer.from("APIC\0\0\0\0\0\0\0image/jpeg\0\x03\0", "latin1");
  const frame = picture + head.length - 10;
  head.writeUInt32BE(frame, 4);
  const tag = id3(frame + 10, head);
  await writeFile(path, tag);
  await truncate(path, tag.length + picture);
  await using file = await open(path, "a");
  await file.appendFile(mp3);
}
