import { describe, expect, it } from "vitest";
import { makeSubmitProgress, type SubmitProgress } from "../../cli/submit/progress.ts";
import { Listener } from "./run-command.ts";

/** What a display writes while `use` works with it. */
function shown(
  isTTY: boolean,
  options: { wait?: true; quiet?: true },
  use: (display: SubmitProgress) => void,
) {
  const stderr = Object.assign(new Listener(), { isTTY });
  const display = makeSubmitProgress({ stdout: new Listener(), stderr }, 2, options);
  use(display);
  display.stop();
  return stderr.text;
}

function work(display: SubmitProgress): void {
  for (let sent = 0; sent <= 40_000_000; sent += 1_000_000) display.sending("a.wav", sent, 40_000_000);
  display.uploaded("a.wav", "tr_1");
  display.failed("b\u001b.wav", "not_found", "There is no such file.");
  display.working("a.wav", "processing", 0.5);
  display.working("a.wav", "processing", 0.6);
  display.working("a.wav", "completed", 1);
  display.completed("a.wav");
}

describe("progress of submit", () => {
  it("on a terminal is a bar over all recordings, errors above it, and a last line", () => {
    const text = shown(true, { wait: true }, work);
    expect(text).toContain("0% | 0 B sent | 0/2 transcribed");
    expect(text).toContain("100% | 40.0 MB sent | 1/2 transcribed, 1 failed");
    expect(text).toContain("b\ufffd.wav: not_found: There is no such file.\n");
    expect(text).toMatch(/1 of 2 transcribed, 1 failed\n$/);
  });

  it("on a terminal makes room for what is written to it meanwhile", async () => {
    const stderr = Object.assign(new Listener(), { isTTY: true });
    const display = makeSubmitProgress({ stdout: stderr, stderr }, 1, { wait: true });
    await display.aside(async () => {
      stderr.write("TEXT\n");
      display.working("a.wav", "processing", 0.5);
    });
    display.stop();
    // The line is cleared before, and the bar drawn again, from there, after.
    expect(stderr.text).toContain("\u001b[1G\u001b[2KTEXT\n\u001b7");
    expect(stderr.text.split("TEXT")[1]).toContain("50% | 0 B sent");
  });

  it("without --wait is done when all is uploaded", () => {
    const text = shown(true, {}, (display) => {
      display.sending("empty.wav", 0, 0);
      display.uploaded("empty.wav", "tr_1");
      display.sending("a.wav", 5, 5);
      display.uploaded("a.wav", "tr_2");
    });
    expect(text).toContain("100% | 5 B sent | 2/2 submitted");
  });

  it("elsewhere is a few plain lines", () => {
    expect(shown(false, { wait: true }, work)).toBe(
      [
        "a.wav: 1.0 MB of 40.0 MB sent",
        "a.wav: 11.0 MB of 40.0 MB sent",
        "a.wav: 21.0 MB of 40.0 MB sent",
        "a.wav: 31.0 MB of 40.0 MB sent",
        "a.wav: uploaded as tr_1",
        "b\ufffd.wav: not_found: There is no such file.",
        "a.wav: processing, 50 %",
        "a.wav: completed",
        "",
      ].join("\n"),
    );
  });

  it("when quiet is errors only", () => {
    expect(shown(true, { wait: true, quiet: true }, work)).toBe(
      "b\ufffd.wav: not_found: There is no such file.\n",
    );
  });
});
