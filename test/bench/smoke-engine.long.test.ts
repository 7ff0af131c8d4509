import { type ExecFileException, execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLED_PACK } from "../../bench/engine.ts";
import { FIXTURES } from "../src/asr/fixtures.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Without the service's packages, as on a machine that only has a GPU. */
const MAIN = fileURLToPath(new URL("../../bench/engine-only.ts", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error: ExecFileException | null, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

async function benchJson(...args: string[]) {
  const { code, stdout, stderr } = await bench(...args, "--json");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

const SHORT = ["--minutes", "0.1", "--runs", "2"];
const FEW_RECORDINGS = ["--recordings", "3", "--median", "2", "--at", "1", "2"];

describe("every benchmark of the engine runs, in small", () => {
  it("scale measures packs by turns, against each other and against the machine", async () => {
    const twin = join(folder, "twin");
    await symlink(BUNDLED_PACK, twin);
    const chart = join(folder, "scale.svg");
    const report = await benchJson(
      "scale",
      ...SHORT,
      "--packs",
      BUNDLED_PACK,
      twin,
      "--gemm-rows",
      "94",
      "--chart",
      chart,
    );
    expect(report).toMatchObject({
      runs: 2,
      order: "packs by turns, all in memory",
      gemm_peak: { rows: 94, size: 176 },
    });
    expect(report.packs.map(({ name }: { name: string }) => name)).toEqual(["u2pp-moe-en-41m", "twin"]);
    for (const pack of report.packs) {
      expect(Object.keys(pack.stageRtf)).toContain("rescoring");
      expect(pack.work).toMatchObject({ utterances: expect.any(Number), encoderFlops: expect.any(Number) });
      expect(pack.work.hypotheses).toBeGreaterThanOrEqual(pack.work.utterances);
      expect(pack.encoderShare).toBeGreaterThan(0);
      expect(pack.peak_rss).toBeGreaterThan(2 ** 27);
      expect(pack.runs).toHaveLength(2);
    }
    // The same pack has the same to do.
    expect(report.packs[1].work).toEqual(report.packs[0].work);
    expect(report.ratios).toMatchObject([
      { pack: "twin", over: "u2pp-moe-en-41m", encoderFlops: 1, rescoringFlops: 1 },
    ]);
    expect(await readFile(chart, "utf8")).toMatch(/^<svg .*<\/svg>\n$/s);
  });

  it("scale says what is missing where packs must be made and cannot", async () => {
    const { code, stderr } = await bench(
      "scale",
      "--python",
      join(folder, "no-python"),
      "--make",
      "--layers 77",
    );
    expect(code).toBe(1);
    expect(stderr).toContain("Install training/requirements.txt and name that Python by --python");
  });

  it("gpu takes the devices that load and names those that do not", async () => {
    const devices = ["--devices", "cpu", "cuda", "--batches", "1", "3", "--gemm-rows", "8"];
    const clips = [
      "--fixed-seconds",
      "2",
      "--fixed-batches",
      "1",
      "2",
      "--latency-seconds",
      "1",
      "--latency-runs",
      "1",
    ];
    const output = await temporaryFolder();
    const options = ["--runs", "1", ...devices, ...clips, ...FEW_RECORDINGS, "--output", output];
    const report = await benchJson("gpu", ...SHORT, ...options);
    const [file] = await readdir(output);
    expect(JSON.parse(await readFile(join(output, file), "utf8"))).toEqual(report);
    const [cpu, cuda] = report.devices;
    expect(cpu.texts).toMatchObject({ precision: "single", utterances: 20, different: [] });
    const { fixed, latency } = cpu.packs[0];
    expect(fixed).toMatchObject({ seconds: 2, figures: [{ utterances: 1 }, { utterances: 2 }], failed: [] });
    expect(fixed.figures[1].wholeMs).toBeGreaterThan(fixed.figures[1].encoderMs);
    expect(latency.p50Ms).toBeGreaterThan(0);
    expect(cpu.packs[0].batches.map(({ utterances }: { utterances: number }) => utterances)).toEqual([1, 3]);
    expect(cpu.packs[0]).toMatchObject({ failed: [], peak: { rows: 8 }, concurrency: { changed_texts: [] } });
    // Where there is a CUDA device it is measured instead.
    expect(cuda.device).toBe("cuda");
    expect(cuda.skipped ?? cuda.packs[0].pack).toMatch(/does not run on cuda|u2pp-moe-en-41m/);
  });

  it("gpu says what it came to where its time is up", async () => {
    const options = ["--devices", "cpu", "--batches", "1", "2", "--gemm-rows", "8", "--limit", "0.001"];
    const report = await benchJson("gpu", ...SHORT, ...options);
    expect(report.devices).toEqual([
      { device: "cpu", skipped: expect.stringMatching(/^Nothing ran: .*SIGKILL/) },
    ]);
  });

  it("concurrency compares with all utterances at once, and every text with the text alone", async () => {
    const report = await benchJson("concurrency", "--runs", "1", ...FEW_RECORDINGS);
    expect(report.levels.map((level: { at_a_time: number }) => level.at_a_time)).toEqual([1, 2]);
    expect(report.levels[1].of_all_at_once).toBeGreaterThan(0);
    expect(report.utterances).toBeGreaterThanOrEqual(3);
    expect(report.changed_texts).toEqual([]);
  });

  it("length measures every length in a process of its own", async () => {
    const report = await benchJson("length", "--minutes", "0.1", "0.2", "--runs", "1");
    expect(report.lengths.map(({ minutes }: { minutes: number }) => minutes)).toEqual([0.1, 0.2]);
    for (const { rtf, steadyRss, peakRss } of report.lengths) {
      expect(rtf).toBeGreaterThan(0);
      expect(peakRss).toBeGreaterThanOrEqual(steadyRss);
    }
    expect(report).toMatchObject({ from: 0.1, to: 0.2, flat: expect.any(Boolean) });
  });

  it("texts finds the one that changed", async () => {
    const output = join(folder, "texts.txt");
    const sets = [`${FIXTURES}/manifest.tsv`, `${FIXTURES}/commands.wav`];
    expect((await bench("texts", ...sets, "--limit", "3", "--output", output)).code).toBe(0);
    const lines = await readFile(output, "utf8");
    expect(lines).toContain("fixtures/utterances/slt-enter-nine-one-seven.wav\tENTER NINE ONE SEVEN\n");
    expect(lines.split("\n")).toHaveLength(3 + 1 + 1);

    const same = await bench("texts", ...sets, "--limit", "3", "--compare", output);
    expect(same).toMatchObject({ code: 0, stdout: `4 texts, all as in ${output}\n` });

    await writeFile(output, lines.replace("ENTER NINE ONE SEVEN\n", "ENTER NINE ONE\n"));
    const other = await bench("texts", ...sets, "--limit", "3", "--compare", output);
    expect(other.code).toBe(1);
    expect(other.stdout).toMatch(
      /^1 texts differ from .*\n {2}- ENTER NINE ONE\n {2}\+ ENTER NINE ONE SEVEN\n$/s,
    );
  });
});
