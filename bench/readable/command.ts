import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Command } from "commander";
import { BUNDLED_PACK, loadTranscriber, print } from "../engine.ts";
import { formatTable } from "../metrics/table.ts";
import { PYTHON } from "../python.ts";
import { SCORED, Scores } from "./scores.ts";
import { scoreSpeech } from "./speech.ts";
import { expectedOf, type HeldOut, Stage } from "./stage.ts";

interface ReadableFlags {
  punctuator: string;
  prepared?: string;
  speech?: string;
  words: number;
  json: boolean;
}

interface Row {
  condition: string;
  kind: string;
  words: number;
  f1: Record<string, number>;
}

/** `bench readable`: marks and capitals of the engine's own stage on the recipe's held-out documents. */
export function readableCommand(): Command {
  return new Command("readable")
    .description("F1 of marks and capitals on held-out documents, by kind and condition")
    .option("--punctuator <folder>", "pack that has one", BUNDLED_PACK)
    .option("--prepared <folder>", "what training.punctuation.prepare left; default: where it leaves it")
    .option(
      "--speech <manifest>",
      "score what the engine writes of recordings instead: its column `text` has marks",
    )
    .option("--words <n>", "of each kind at most", Number, 20_000)
    .option("--json", "print JSON", false)
    .action(run);
}

async function run({ punctuator, prepared, speech, words, json }: ReadableFlags): Promise<void> {
  if (speech !== undefined) return ofSpeech(punctuator, speech, json);
  const stage = await Stage.open(punctuator);
  const scores = new Map<string, Scores>();
  let total = 0;
  try {
    for await (const text of heldOut(words, prepared)) {
      const found = await stage.write(text);
      const expected = expectedOf(text);
      total += found.length;
      for (const kind of text.made_up ? [text.kind] : [text.kind, "all"]) {
        const key = JSON.stringify([text.condition, kind]);
        const sum = scores.get(key) ?? new Scores();
        scores.set(key, sum);
        for (const [n, word] of expected.entries()) sum.add(word, found[n]);
      }
    }
  } finally {
    await stage.close();
  }
  const rows = [...scores].map(([key, sum]): Row => {
    const [condition, kind] = JSON.parse(key) as [string, string];
    return { condition, kind, words: sum.words, f1: f1Of(sum) };
  });
  rows.sort((a, b) => Number(a.kind === "all") - Number(b.kind === "all"));
  report(rows, stage.milliseconds / Math.max(total, 1), json);
}

async function ofSpeech(model: string, manifest: string, json: boolean): Promise<void> {
  const transcriber = await loadTranscriber({ model, device: "cpu" });
  try {
    const { scores, ...facts } = await scoreSpeech(transcriber, manifest);
    const f1 = f1Of(scores);
    if (json) {
      print(JSON.stringify({ ...facts, words: scores.words, f1 }, null, 2));
      return;
    }
    const cells = [
      facts.recordings,
      (facts.audioSeconds / 3600).toFixed(2),
      `${(100 * facts.wer).toFixed(1)} %`,
    ];
    const columns = ["recordings", "hours", "WER", "words", ...SCORED];
    print(
      formatTable(
        columns,
        [[...cells, scores.words, ...SCORED.map((name) => f1[name].toFixed(3))]],
        "markdown",
      ),
    );
  } finally {
    await transcriber.close();
  }
}

function f1Of(sum: Scores): Record<string, number> {
  return Object.fromEntries(SCORED.map((name) => [name, Number(sum.f1(name).toFixed(4))]));
}

function report(rows: Row[], perWord: number, json: boolean): void {
  if (json) {
    print(JSON.stringify({ rows, ms_per_word: perWord }, null, 2));
    return;
  }
  const cells = rows.map(({ condition, kind, words, f1 }) => [
    condition,
    kind,
    words,
    ...SCORED.map((name) => f1[name].toFixed(3)),
  ]);
  print(formatTable(["condition", "kind", "words", ...SCORED], cells, "markdown"));
  print(`${perWord.toFixed(3)} ms a word in the graph`);
}

/** The documents as the recipe reads them: its Python tells. Throws Error where it fails. */
async function* heldOut(words: number, prepared: string | undefined): AsyncGenerator<HeldOut> {
  const folder = prepared === undefined ? [] : ["--set", `text.folder=${prepared}`];
  const args = ["-m", "training.measure.punctuation_texts", "--words", `${words}`, ...folder];
  const child = spawn(PYTHON, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as HeldOut;
    const code = await ended;
    if (code !== 0) throw new Error(`${PYTHON} ${args.join(" ")} ended with code ${code}`);
  } finally {
    child.kill();
  }
}
