import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Contestant, type Entry } from "../../bench/peers/contestant.ts";
import { lineUp } from "../../bench/peers/line-up.ts";
import { raceUtterances } from "../../bench/peers/race.ts";
import { openaiNormalised } from "../../bench/peers/whisper.ts";

/** Answers every request with the same texts. */
const CONTESTANT = `
const texts = JSON.parse(process.argv[1]);
console.log(JSON.stringify({ versions: "1" }));
require("node:readline").createInterface({ input: process.stdin }).on("line", () =>
  console.log(JSON.stringify({ seconds: 2, cpu_seconds: 1, texts, greedy: texts })));
`;

/** Stands for the Python with OpenAI's normaliser. */
const NORMALISER = `#!/bin/sh
exec sed -e "s/TWENTY ONE/21/g" -e "s/twenty-one/21/g"
`;

const FACTS = { precision: "", search: "", rescoring: "", parallel: "", batch: "" };

let folder: string;
let normaliser: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
  normaliser = join(folder, "python");
  await writeFile(normaliser, NORMALISER);
  await chmod(normaliser, 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

const entry = (name: string, texts: string[], sameModel: boolean): Entry => ({
  name,
  command: [process.execPath, "-e", CONTESTANT, JSON.stringify(texts)],
  findsSegments: true,
  sameModel,
  facts: FACTS,
});

describe("words of another model", () => {
  const references = ["I AM TWENTY ONE", "GO"];
  const work = {
    utterances: [{ path: "a" }, { path: "b" }],
    long: { path: "c" },
    references,
    seconds: 4,
    longSeconds: 5,
  };

  async function race(python: string) {
    const entries = [entry("ours", references, true), entry("other", ["I AM twenty-one", "NO"], false)];
    const contestants = await Promise.all(entries.map((one) => Contestant.start(one)));
    try {
      return await raceUtterances(contestants, work, 1, python);
    } finally {
      await Promise.all(contestants.map((contestant) => contestant.close()));
    }
  }

  test("are counted as they are, and after OpenAI's normaliser on both sides", async () => {
    const [ours, other] = (await race(normaliser)).results;
    expect(ours).toMatchObject({ wer: 0, wer_openai: 0, equal_to_greedy: 1, rtf: 0.5 });
    // One word of five, and one of four once the number is one word.
    expect(other).toMatchObject({ wer: 1 / 5, wer_openai: 1 / 4, equal_to_greedy: null });
  });

  test("are counted once where that normaliser is missing", async () => {
    for (const result of (await race("/nowhere/python")).results) expect(result.wer_openai).toBeNull();
  });

  test("a normaliser that fails tells nothing", async () => {
    expect(await openaiNormalised("false", ["A"])).toBeNull();
    expect(await openaiNormalised(normaliser, ["twenty-one", ""])).toEqual(["21", ""]);
  });
});

test("Whisper's rows say what they are and how to install them", () => {
  const models = { ours: "o", sherpa: "s", torch: "t", python: "p", whisper: "/venv/python" };
  const rows = lineUp(models, 2).filter(({ name }) => name.startsWith("Whisper"));
  expect(rows.map(({ name, command }) => [name, command.join(" ")])).toEqual([
    ["Whisper tiny", "/venv/python -m training.measure.peer_whisper --size tiny --threads 2"],
    ["Whisper base", "/venv/python -m training.measure.peer_whisper --size base --threads 2"],
  ]);
  for (const { facts, install, findsSegments } of rows) {
    expect(facts).toMatchObject({ precision: "int8", search: "beam 5", parallel: "2 threads" });
    expect(install).toContain("faster-whisper==1.2.1");
    expect(findsSegments).toBe(true);
  }
});
