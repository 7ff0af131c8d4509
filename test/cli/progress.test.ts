import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { makeProgress, type ProgressDisplay } from "../../cli/transcribe/progress.ts";
import { buildTranscript } from "../../src/formats/index.ts";

const model = { name: "pack", version: "1", languages: ["en"], device: "cpu" as const };
const transcript = buildTranscript({
  id: "1",
  model,
  language: "en",
  segments: [],
  audio: { sha256: "", duration: 90, sampleRate: 16_000, channels: 1, codec: "mp3" },
  timing: { queuedMs: 0, decodeMs: 0, inferMs: 900 },
  warnings: [{ code: "truncated", message: "It ends at 90 s.", at: 90 }],
});

/** What a display writes while `use` works with it. */
function shown(isTTY: boolean, quiet: boolean, use: (display: ProgressDisplay) => void): string {
  let text = "";
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const stderr = Object.assign(stream, { isTTY });
  use(makeProgress({ stdout: new Writable(), stderr }, 2, quiet));
  return text;
}

function work(display: ProgressDisplay): void {
  display.started(model);
  display.update("a.mp3", { done: 45, total: 90 });
  display.failed("b.mp3", "no_audio", "The file is empty.");
  display.update("a.mp3", { done: 90, total: 90 });
  display.completed("a.mp3", transcript);
  display.stop();
}

describe("progress", () => {
  it("on a terminal is a bar with what is done and left, errors above it, and a last line", () => {
    const text = shown(true, false, work);
    expect(text).toContain("0:00 of … | 0/2 files | … left");
    expect(text).toContain("1:30 of 1:30 | 1/2 files | 0:00 left");
    expect(text).toContain("b.mp3: no_audio: The file is empty.\n");
    expect(text).toContain("a.mp3: warning: truncated: It ends at 90 s.\n");
    expect(text).toMatch(/1 of 2 transcribed, 1 failed: 1:30 of audio in \d+\.\d s\n$/);
  });

  it("elsewhere is plain lines without control characters", () => {
    expect(shown(false, false, work)).toBe(
      [
        "model pack 1 on cpu",
        "[1/2] b.mp3: no_audio: The file is empty.",
        "[2/2] a.mp3: 90.0 s of audio, 0 segments, RTF 0.0100",
        "a.mp3: warning: truncated: It ends at 90 s.",
        "",
      ].join("\n"),
    );
  });

  it("elsewhere tells of a long recording every ten minutes", () => {
    const text = shown(false, false, (display) => {
      for (let done = 60; done <= 3600; done += 60) display.update("a.mp3", { done, total: 3600 });
    });
    expect(text.match(/a\.mp3: \d+:/g)).toHaveLength(6);
    expect(text).toContain("a.mp3: 10:00 of 1:00:00\n");
  });

  it("when quiet is errors and warnings only", () => {
    expect(shown(true, true, work)).toBe(
      "b.mp3: no_audio: The file is empty.\na.mp3: warning: truncated: It ends at 90 s.\n",
    );
  });
});
