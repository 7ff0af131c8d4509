import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Transcript } from "../../src/formats/index.ts";
import { FIXTURES } from "../src/asr/fixtures.ts";
import { shareTranscribers } from "../support/shared-transcribers.ts";
import { runCommand } from "./run-command.ts";

shareTranscribers();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scriptorium-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

const commands = `${FIXTURES}/commands.wav`;
const SPOKEN = "ENTER NINE ONE SEVEN\nERASE FOUR FIVE SIX\nFIVE FIVE FIVE ONE TWO THREE FOUR\nGO\n";
/** In the model's own words, which do not depend on how they are written. */
const bare = (...args: string[]) => runCommand("transcribe", "--no-format-text", ...args);
const utterance = (name: string) => `${FIXTURES}/utterances/${name}.wav`;

describe("scriptorium transcribe", () => {
  it("prints the text, and nothing but the text, on standard output", async () => {
    const { code, stdout, stderr } = await bare(commands);
    expect({ code, stdout }).toEqual({ code: 0, stdout: SPOKEN });
    expect(stderr).toContain("on cpu");
    expect(stderr).toContain("RTF");
  });

  it("says nothing on standard error when quiet", async () => {
    expect(await bare("--quiet", commands)).toEqual({
      code: 0,
      stdout: SPOKEN,
      stderr: "",
    });
  });

  it("prints one JSON document with everything asked for", async () => {
    const { stdout } = await runCommand("transcribe", "--format", "json", "--alternatives", "3", commands);
    const transcript = JSON.parse(stdout) as Transcript;
    expect(transcript).toMatchObject({
      model: { name: "u2pp-moe-en-41m", device: "cpu" },
      language: "en",
      audio: { sample_rate: 16_000, channels: 1, codec: "pcm_s16le" },
    });
    expect(transcript.segments).toHaveLength(4);
    expect(transcript.segments[0].words[0].word).toBe("ENTER");
    expect(transcript.segments[0].alternatives?.[0].text).toBe("ENTER NINE ONE SEVEN");
  });

  it.each([
    ["srt", /^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\nENTER NINE ONE SEVEN\n\n2\n/],
    ["vtt", /^WEBVTT\n\n00:00:0\d\.\d{3} --> 00:00:0\d\.\d{3}\nENTER NINE ONE SEVEN\n/],
  ])("prints %s", async (format, expected) => {
    expect((await bare("--format", format, commands)).stdout).toMatch(expected);
  });

  it("writes numbers, hotwords as they were given, and what is to be replaced, unless told otherwise", async () => {
    const wishes = ["--hotword", "Erase", "--replace", "enter=ENTER", "--replace", "917=nine-seventeen"];
    const written = (...args: string[]) => runCommand("transcribe", "-q", ...args, ...wishes, commands);
    expect((await written()).stdout).toMatch(/^ENTER nine-seventeen\W+Erase 456\W+555-1234\W+Go\W+$/);
    expect((await written("--no-punctuate")).stdout).toBe("ENTER nine-seventeen\nErase 456\n555-1234\nGO\n");
    expect((await written("--no-numerals")).stdout).toMatch(/^ENTER nine one seven\W+Erase four five six\W/);
    expect((await written("--no-format-text")).stdout).toMatch(/^ENTER NINE ONE SEVEN\nERASE FOUR/);
  });

  it("prints what the README says", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const [, shown] = /The second prints\n\n```\n([\s\S]*?)```/.exec(readme) ?? [];
    expect((await runCommand("transcribe", "-q", commands)).stdout).toBe(shown);
    const [, document] =
      /```json\n([\s\S]*?)```/.exec(readme.slice(readme.indexOf("### What comes out"))) ?? [];
    const { text, verbatim_text, segments, paragraphs } = JSON.parse(document ?? "") as Transcript;
    const { stdout } = await runCommand("transcribe", "-q", "--format", "json", commands);
    const transcript = JSON.parse(stdout) as Transcript;
    expect(transcript).toMatchObject({ text, verbatim_text });
    const untimed = (found: Transcript["segments"]) =>
      found[0].words.slice(0, 3).map(({ word, display }) => [word, display]);
    expect([transcript.segments[0].text, untimed(transcript.segments)]).toEqual([
      segments[0].text,
      untimed(segments),
    ]);
    expect(transcript.paragraphs?.[0].sentences[0].text).toBe(paragraphs?.[0].sentences[0].text);
  });

  it("splits channels", async () => {
    const { stdout } = await bare("-q", "--channels", "split", `${FIXTURES}/dialogue.wav`);
    expect(stdout).toBe(
      "Channel 1: ONE TWO THREE FOUR FIVE\nChannel 2: SIX SEVEN EIGHT NINE TEN\nChannel 1: YES\n",
    );
  });

  it("heads the texts of several recordings with their names, in the order they were named", async () => {
    const [go, yes] = [utterance("slt-go"), utterance("slt-yes")];
    const { stdout } = await bare("-q", yes, go);
    expect(stdout).toBe(`==> ${yes} <==\nYES\n==> ${go} <==\nGO\n`);
  });

  it("reports a bad file with its code, finishes the others and exits with 1", async () => {
    const nothing = join(folder, "nothing.wav");
    await writeFile(nothing, "");
    const { code, stdout, stderr } = await bare(nothing, utterance("slt-go"), join(folder, "gone.mp3"));
    expect(code).toBe(1);
    expect(stdout).toContain("GO");
    expect(stderr).toContain(`${nothing}: no_audio: `);
    expect(stderr).toContain(`${join(folder, "gone.mp3")}: not_found: `);
  });

  it("--json-lines gives one object per recording, errors included", async () => {
    const gone = join(folder, "gone.wav");
    const { code, stdout } = await bare("-q", "--json-lines", gone, utterance("slt-go"));
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(1);
    expect(lines.find(({ file }) => file === gone)).toMatchObject({
      status: "failed",
      error: { code: "not_found" },
    });
    expect(lines.find(({ file }) => file !== gone)).toMatchObject({
      status: "completed",
      transcript: { text: "GO" },
    });
  });
});

describe("where results go", () => {
  it("--output writes one file per recording, keeping the folders it was given", async () => {
    await mkdir(join(folder, "in/deep"), { recursive: true });
    await cp(utterance("slt-go"), join(folder, "in/go.wav"));
    await cp(utterance("slt-yes"), join(folder, "in/deep/yes.wav"));
    await writeFile(join(folder, "in/notes.txt"), "not audio, and not reported");
    const out = join(folder, "out");
    const { code, stdout } = await bare("-q", "--format", "srt", "--output", out, join(folder, "in"));
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect((await readdir(out, { recursive: true })).sort()).toEqual(["deep", "deep/yes.srt", "go.srt"]);
    expect(await readFile(join(out, "deep/yes.srt"), "utf8")).toContain("\nYES\n");
  });

  it("JSON is what --output writes where no format is named", async () => {
    await bare("-q", "--output", folder, utterance("slt-go"));
    const transcript = JSON.parse(await readFile(join(folder, "slt-go.json"), "utf8")) as Transcript;
    expect(transcript.text).toBe("GO");
  });

  it("two recordings that differ in their extension do not overwrite each other", async () => {
    await cp(utterance("slt-go"), join(folder, "a.wav"));
    await cp(utterance("slt-yes"), join(folder, "a.wave"));
    await runCommand(
      "transcribe",
      "-q",
      "--format",
      "text",
      "--output",
      join(folder, "out"),
      join(folder, "a.wav"),
      join(folder, "a.wave"),
    );
    expect((await readdir(join(folder, "out"))).sort()).toEqual(["a.wav.txt", "a.wave.txt"]);
  });

  it("a pattern that the shell left alone is expanded", async () => {
    const { stdout } = await bare("-q", `${FIXTURES}/utterances/slt-{go,yes}.wav`);
    expect(stdout).toContain("GO\n");
    expect(stdout).toContain("YES\n");
  });

  it("subtitles of several recordings need a folder", async () => {
    const { code, stderr } = await runCommand(
      "transcribe",
      "--format",
      "vtt",
      utterance("slt-go"),
      utterance("slt-yes"),
    );
    expect(code).toBe(2);
    expect(stderr).toContain("--output");
  });
});

describe("a wrong command line", () => {
  it.each([
    [["transcribe"], "missing required argument"],
    [["transcribe", "--format", "pdf", commands], "json, text, srt, vtt"],
    [["transcribe", "--beam", "many", commands], "whole number"],
    [["transcribe", "--beam", "500", commands], "beam must be"],
    [["transcribe", "--device", "abacus", commands], "auto, cpu, webgpu, cuda"],
    [["transcribe", "--replace", "nothing", commands], "find=with"],
    [["transcribe", "--hotword", ":3", commands], "--hotword PHRASE:4"],
    [["transcribe", "--alternatives", "20", commands], "1 to 10"],
    [["frobnicate"], "unknown command"],
  ])("%j exits with 2 and says what is wrong", async (args, expected) => {
    const { code, stdout, stderr } = await runCommand(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(expected);
  });

  it("a model folder that is not there is named", async () => {
    const { code, stderr } = await runCommand("transcribe", "--model", folder, commands);
    expect(code).toBe(1);
    expect(stderr).toContain("pack_file_missing");
  });

  it("--help and --version exit with 0", async () => {
    const help = await runCommand("transcribe", "--help");
    expect(help.code).toBe(0);
    for (const option of ["--format", "--hotword", "--json-lines", "Exit codes"])
      expect(help.stdout).toContain(option);
    expect(await runCommand("--version")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});
