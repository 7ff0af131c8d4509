import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { FIXTURES } from "../src/asr/fixtures.ts";
import { describeWithFfmpeg } from "../support/ffmpeg.ts";

const MAIN = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

async function bench(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [MAIN, ...args])).stdout;
}

describe("every benchmark runs, in small", () => {
  it("rtf prints a row for each stage and accounts for all of them", async () => {
    const report = JSON.parse(await bench("rtf", `${FIXTURES}/commands.wav`, "--runs", "1", "--json"));
    expect(Object.keys(report.stages_ms)).toEqual([
      "decode",
      "segment",
      "frontend",
      "encoder",
      "beam",
      "rescoring",
      "align",
      "punctuation",
    ]);
    expect(report.outside_onnxruntime_share).toBeGreaterThan(0);
    expect(report.outside_onnxruntime_share).toBeLessThan(1);
  });

  it("wer counts words and characters: the fixtures are read without a mistake", async () => {
    const report = JSON.parse(await bench("wer", "--conditions", "clean", "--json"));
    expect(report.rows).toMatchObject([
      { corpus: "fixtures", condition: "clean", utterances: 20, wer: 0, wer_95: { low: 0, high: 0 }, cer: 0 },
    ]);
    expect(report.rows[0].words.reference).toBe(64);
  });

  it("wer --whole leaves the segmentation out, as the training's own evaluation does", async () => {
    const options = ["--whole", "--conditions", "clean", "--json"];
    const report = JSON.parse(await bench("wer", `${FIXTURES}/manifest.tsv`, ...options));
    expect(report.rows).toMatchObject([{ utterances: 20, words: { reference: 64 } }]);
    expect(report.rows[0].wer).toBeLessThan(0.1);
  });

  it("wer --shifts counts every recording as often, a little later each time, and only whole ones", async () => {
    const file = `${FIXTURES}/manifest.tsv`;
    const options = ["--shifts", "2", "--conditions", "clean", "--limit", "3", "--json"];
    const [row] = JSON.parse(await bench("wer", file, "--whole", ...options)).rows;
    const [once] = JSON.parse(await bench("wer", file, "--whole", ...options.slice(2))).rows;
    expect(row).toMatchObject({ utterances: 3, words: { reference: 2 * once.words.reference } });
    expect(row.audio_seconds).toBeCloseTo(2 * once.audio_seconds + 3 * 0.01, 6);
    await expect(bench("wer", file, ...options)).rejects.toThrow("--shifts needs --whole.");
  });

  it("load sends jobs through the whole service and times each call", async () => {
    const file = `${FIXTURES}/utterances/slt-yes.wav`;
    const report = JSON.parse(await bench("load", file, "--jobs", "10", "--clients", "2", "--json"));
    expect(report.jobs_per_second).toBeGreaterThan(0);
    expect(report.calls.map(({ call }: { call: string }) => call)).toEqual([
      "create",
      "upload",
      "status",
      "transcript",
      "upload to queued",
    ]);
  });

  it("overhead compares the service with the engine alone", { timeout: 300_000 }, async () => {
    const file = `${FIXTURES}/commands.wav`;
    const report = JSON.parse(await bench("overhead", file, "--recordings", "4", "--runs", "1", "--json"));
    expect(report.engine_seconds).toBeGreaterThan(0);
    expect(report.service_seconds).toBeGreaterThan(0);
  });

  it("memory measures a long recording and many files", async () => {
    const report = await bench("memory", "--minutes", "1", "--files", "10");
    expect(report).toMatch(/peak RSS \d+ MB, RTF \d+\.\d+/);
    expect(report).toContain("10 files");
  });
});

describeWithFfmpeg("benchmarks that decode with ffmpeg", () => {
  it("wer prints a row for each corpus and condition, with an interval", async () => {
    const manifests = [`${FIXTURES}/manifest.tsv`, `${FIXTURES}/vocabulary/manifest.tsv`];
    const table = await bench("wer", ...manifests, "--limit", "4");
    const rows = table.split("\n").filter((line) => /^(fixtures|vocabulary) /.test(line));
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual(
      ["fixtures", "vocabulary"].flatMap((corpus) =>
        ["clean", "telephone band", "MP3, 24 kbit/s", "pink noise, 10 dB"].map((name) => [corpus, name, "4"]),
      ),
    );
    for (const row of rows) expect(row).toMatch(/ \d+\.\d\d to \d+\.\d\d /);
  });

  it("borders compares utterances alone with the same utterances joined", async () => {
    const report = await bench("borders", `${FIXTURES}/manifest.tsv`, "--groups", "1", "--group", "5");
    expect(report).toMatch(/WER alone \d+\.\d\d %\nWER joined by digital silence \d+\.\d\d %, difference/);
  });
});
