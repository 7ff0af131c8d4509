import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MatroskaBlocks } from "../../../../src/asr/audio/matroska-blocks.ts";
import { mpegFrameAt } from "../../../../src/asr/audio/mpeg-frame.ts";
import { PcmSplitter } from "../../../../src/asr/audio/pcm.ts";
import { noTrouble } from "../../../../src/asr/audio/sample-stream.ts";
import { StderrLog } from "../../../../src/asr/audio/stderr-log.ts";
import { Timeline } from "../../../../src/asr/audio/timeline.ts";
import { confinedInput } from "../../../../src/asr/audio/tools.ts";
import { warningsOf } from "../../../../src/asr/audio/warnings.ts";
import { xingDuration } from "../../../../src/asr/audio/xing.ts";
import { matroska } from "../../../support/matroska.ts";

describe("MatroskaBlocks", () => {
  it("gives the same blocks wherever the pipe cuts", () => {
    const stream = matroska([
      [0, 0, Buffer.from("first")],
      [0, 21, Buffer.alloc(300, 7)],
      [1_000, -5, Buffer.from("last")],
    ]);
    const expected = [...new MatroskaBlocks().read(stream)];
    expect(expected.map(({ milliseconds, data }) => [milliseconds, data.length])).toEqual([
      [0, 5],
      [21, 300],
      [995, 4],
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const blocks = new MatroskaBlocks();
        const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const found = edges.slice(1).flatMap((end, i) => [...blocks.read(stream.subarray(edges[i], end))]);
        expect(found).toEqual(expected);
      }),
    );
  });

  it("says so when it is given something else", () => {
    const read = (bytes: Buffer) => [...new MatroskaBlocks().read(bytes)];
    expect(() => read(Buffer.alloc(100))).toThrow(/something else than timed samples/);
    expect(() => read(Buffer.from("a30100ffffffffffff", "hex"))).toThrow(/something else/);
  });
});

describe("Timeline", () => {
  /** Samples of silence before a block of 160 samples at each of these times. */
  const silences = (times: number[]) => {
    const timeline = new Timeline();
    return times.map((time) => {
      const gaps = [...timeline.until(time, 1)].map(([samples]) => samples!.length);
      timeline.wrote(160);
      return gaps.reduce((sum, length) => sum + length, 0);
    });
  };

  it("fills what lies before a late start and between blocks, and leaves jitter alone", () => {
    expect(silences([5000, 5010, 5025, 5100])).toEqual([80_000, 0, 0, 1120]);
  });

  it("moves nothing back where times overlap, and goes by the times again afterwards", () => {
    expect(silences([0, 5, 10, 1000])).toEqual([0, 0, 0, 15_520]);
  });

  it("takes a leap of hours for a clock that was set", () => {
    expect(silences([0, 10 + 2 * 3_600_000, 20 + 2 * 3_600_000])).toEqual([0, 0, 0]);
  });
});

describe("PcmSplitter", () => {
  it("separates interleaved channels, at most 65,536 samples at once", () => {
    const floats = Float32Array.from({ length: 2 * 150_000 }, (_, i) => (i % 2) / 2);
    const chunks = [...new PcmSplitter(2, noTrouble()).split(Buffer.from(floats.buffer), 0)];
    expect(chunks.map(([samples]) => samples!.length)).toEqual([65_536, 65_536, 18_928]);
    expect(chunks[2]!.map((samples) => samples[18_927])).toEqual([0, 0.5]);
  });

  it("lets what is too loud pass and silences what is no number, remembering the first", () => {
    const trouble = noTrouble();
    const splitter = new PcmSplitter(2, trouble);
    const floats = Float32Array.of(1.5, -4, 0.5, Number.NaN, 3e30, -0.25);
    const [chunk] = [...splitter.split(Buffer.from(floats.buffer), 100)];
    expect(chunk!.map((samples) => [...samples])).toEqual([
      [1.5, 0.5, 0],
      [-4, 0, -0.25],
    ]);
    expect(trouble).toMatchObject({ invalidSamples: 2, firstInvalid: 101 });
  });
});

describe("StderrLog", () => {
  it("keeps the first line without pointers and paths, and counts the rest", () => {
    const log = new StderrLog("/home/me/a.mp3");
    log.add("[mp3float @ 0x55d9] Header miss");
    log.add("ing\n/home/me/a.mp3: Invalid data\n");
    log.end();
    expect(log.firstLine).toBe("Header missing");
    expect(log.text).not.toContain("/home");
    expect(log.errorLines).toBe(2);
  });

  it("takes the end of a container for no error, and does not hear the decoder of pictures", () => {
    const log = new StderrLog("/a", ["mjpeg"]);
    log.add("[matroska,webm @ 0x1] File ended prematurely\n[mjpeg @ 0x2] No JPEG data found in image\n");
    expect(log).toMatchObject({ errorLines: 0, endedEarly: true });
  });

  it("stays small under a flood without line feeds", () => {
    const log = new StderrLog("/a");
    for (let i = 0; i < 1000; i++) log.add("x".repeat(10_000));
    log.end();
    expect(log.text.length).toBeLessThanOrEqual(4001);
  });
});

describe("an MPEG frame header", () => {
  it.each([
    [
      "mp3, 128 kbit/s at 44.1 kHz",
      [0xff, 0xfb, 0x90, 0x00],
      { sampleRate: 44_100, samples: 1152, bytes: 417 },
    ],
    ["the same, padded", [0xff, 0xfb, 0x92, 0x00], { sampleRate: 44_100, samples: 1152, bytes: 418 }],
    [
      "mp3, 64 kbit/s at 22.05 kHz",
      [0xff, 0xf3, 0x80, 0xc0],
      { sampleRate: 22_050, samples: 576, bytes: 208 },
    ],
    ["mp3, 8 kbit/s at 8 kHz", [0xff, 0xe3, 0x18, 0xc0], { sampleRate: 8000, samples: 576, bytes: 72 }],
    [
      "layer II, 192 kbit/s at 48 kHz",
      [0xff, 0xfd, 0xa4, 0x00],
      { sampleRate: 48_000, samples: 1152, bytes: 576 },
    ],
    [
      "layer I, 384 kbit/s at 32 kHz",
      [0xff, 0xff, 0xc8, 0x00],
      { sampleRate: 32_000, samples: 384, bytes: 576 },
    ],
  ])("is understood: %s", (_, bytes, expected) => {
    expect(mpegFrameAt(Uint8Array.from(bytes), 0)).toMatchObject(expected);
  });

  it.each([
    ["ADTS", [0xff, 0xf1, 0x50, 0x80]],
    ["a reserved version", [0xff, 0xeb, 0x90, 0x00]],
    ["a forbidden bit rate", [0xff, 0xfb, 0xf0, 0x00]],
    ["too few bytes", [0xff, 0xfb, 0x90]],
  ])("is not seen in %s", (_, bytes) => {
    expect(mpegFrameAt(Uint8Array.from(bytes), 0)).toBeNull();
  });

  it("leads to the length in a Xing tag", () => {
    const start = Buffer.alloc(417);
    start.set([0xff, 0xfb, 0x90, 0x00]);
    start.write("Xing", 36);
    start.writeUInt32BE(1, 40);
    start.writeUInt32BE(1000, 44);
    expect(xingDuration(start)).toBeCloseTo(26.122, 3);
    start.writeUInt32BE(0, 40);
    expect(xingDuration(start)).toBeNull();
    expect(xingDuration(start.subarray(0, 20))).toBeNull();
  });
});

describe("the warnings of a reading", () => {
  const declared = { seconds: 100, present: 100, firm: true };
  const found = { label: "a.mp3", duration: 100, declared, cut: false, trouble: noTrouble() };

  it("are none when the length is within a hundredth", () => {
    expect(warningsOf({ ...found, duration: 99.1 })).toEqual([]);
    expect(warningsOf({ ...found, duration: 500 })).toEqual([]);
  });

  it("tell where the audio ends", () => {
    const [warning] = warningsOf({ ...found, duration: 98.765 });
    expect(warning).toMatchObject({ code: "truncated", at: 98.765 });
    expect(warning!.message).toBe(
      "a.mp3 is cut off: its audio ends at 98.77 s, although it should last 100 s.",
    );
  });

  it("do not trust a length that is only guessed", () => {
    expect(warningsOf({ ...found, duration: 50, declared: { ...declared, firm: false } })).toEqual([]);
  });

  it("take errors near the cut for its consequence, and others for damage", () => {
    const at = (seconds: number) => ({ ...noTrouble(), errorLines: 2, atSample: seconds * 16_000 });
    const codes = (seconds: number) =>
      warningsOf({ ...found, duration: 50, trouble: at(seconds) }).map(({ code }) => code);
    expect(codes(48)).toEqual(["truncated"]);
    expect(codes(10)).toEqual(["truncated", "decode_errors"]);
  });
});

describe("the input options of ffmpeg", () => {
  it("name the file so that it can be nothing but a file", () => {
    expect(confinedInput("/tmp/pipe:0", null).slice(-2)).toEqual(["-i", "file:/tmp/pipe:0"]);
  });

  it("allow no demuxer that opens what a file points at", () => {
    const allowed = confinedInput("/a", null)[
      confinedInput("/a", null).indexOf("-format_whitelist") + 1
    ]!.split(",");
    const following = [
      "hls",
      "applehttp",
      "dash",
      "concat",
      "sdp",
      "rtsp",
      "image2",
      "lavfi",
      "imf",
      "tty",
      "webm_dash_manifest",
    ];
    expect(allowed.filter((name) => following.includes(name))).toEqual([]);
  });
});
