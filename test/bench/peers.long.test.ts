import { execFile, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { Result } from "../../bench/peers/race.ts";
import type { Report } from "../../bench/peers/report.ts";
import { PYTHON } from "../../bench/python.ts";
import { describeWithFfmpeg } from "../support/ffmpeg.ts";

const MAIN = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));
/** Loading PyTorch and making sherpa-onnx's model, on a machine that has other work as well. */
const PATIENCE = 300_000;
const LIMIT = 6;

async function peers(...args: string[]): Promise<Report> {
  const options = ["--limit", String(LIMIT), "--runs", "2", "--json", ...args];
  return JSON.parse((await promisify(execFile)(process.execPath, [MAIN, "peers", ...options])).stdout);
}

function resultOf(report: Report, work: string, name: string): Result | undefined {
  return report.races.find((race) => race.work === work)?.results.find((result) => result.name === name);
}

function peersAreInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve("sherpa-onnx-node");
  } catch {
    return false;
  }
  return spawnSync(PYTHON, ["-c", "import torch, onnx, onnxruntime, soundfile, yaml"]).status === 0;
}

describeWithFfmpeg("bench peers", () => {
  it(
    "says what is missing and measures the engine all the same",
    async () => {
      const nowhere = [
        "--python",
        "/nowhere/python",
        "--sherpa",
        "/nowhere",
        "--whisper",
        "/nowhere/whisper",
      ];
      const report = await peers(...nowhere);
      expect(report.contestants.map(({ name }) => name)).toEqual([
        "ours",
        "ours, beam 10",
        "ours, beam 4",
        "ours, beam 1",
      ]);
      expect(report.left_out).toHaveLength(6);
      for (const { name, reason } of report.left_out) {
        expect(reason).toContain("/nowhere");
        expect(reason.includes("pip install faster-whisper==1.2.1")).toBe(name.startsWith("Whisper"));
      }
      expect(report.races.map(({ work, parts }) => [work, parts])).toEqual([
        ["utterances", LIMIT],
        ["one recording", expect.any(Number)],
      ]);
      for (const { results } of report.races) {
        expect(results[0]).toMatchObject({
          name: "ours",
          times_ours: 1,
          wer: 0,
          wer_openai: null,
          equal_to_greedy: null,
        });
        expect(results[0].all_seconds).toHaveLength(2);
      }
    },
    PATIENCE,
  );
});

/** Left out on a machine without them, but failing on the build server. */
describe.skipIf(!peersAreInstalled() && process.env.CI === undefined)("bench peers with its peers", () => {
  it(
    "runs the same weights in all of them, and they hear the same",
    async () => {
      const report = await peers("--only", "1 ×", "batches");
      expect(report.left_out).toEqual([]);
      const names = report.contestants.map(({ name }) => name);
      expect(names).toEqual(["ours", expect.stringMatching(/^sherpa-onnx, 1 ×/), "PyTorch, batches"]);
      for (const { search, rescoring, parallel, batch, versions } of report.contestants)
        for (const fact of [search, rescoring, parallel, batch, versions]) expect(fact).not.toBe("");
      for (const { results, audio_seconds } of report.races) {
        for (const result of results) expect(result.rtf).toBeCloseTo(result.seconds / audio_seconds);
        expect(results.map(({ name }) => name)).toEqual(names);
      }
      // Its features end at 7.6 kHz: a text may differ in a letter.
      expect(resultOf(report, "utterances", names[1])?.equal_to_greedy).toBeGreaterThanOrEqual(0.6);
      expect(resultOf(report, "utterances", names[2])?.wer).toBeLessThanOrEqual(0.1);
      expect(resultOf(report, "one recording", names[2])?.wer).toBeLessThanOrEqual(0.1);
    },
    PATIENCE,
  );
});
