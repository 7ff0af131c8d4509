import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { Command } from "commander";
import {
  type EngineFlags,
  loadTranscriber,
  mapConcurrently,
  print,
  progress,
  transcribeWhole,
  withEngineFlags,
} from "./engine.ts";
import { readManifest } from "./metrics/manifest.ts";

interface TextsFlags extends EngineFlags {
  split?: string;
  limit?: number;
  concurrency: number;
  output?: string;
  compare?: string;
}

interface Recording {
  /** The same wherever the set lies. */
  id: string;
  path: string;
}

/** Differences printed; the rest is counted. */
const SHOWN = 20;

/** `bench texts SET…`: what the engine reads, to be compared byte for byte before and after a change. */
export function textsCommand(): Command {
  return withEngineFlags(new Command("texts"))
    .description(
      "the text of every utterance, one line each: id, tab, text; exits 1 where one differs from --compare",
    )
    .argument("<sets...>", "manifests (.tsv) and recordings")
    .option("--split <name>", "of manifests, only rows whose column split has this value")
    .option("--limit <n>", "only the first of each manifest", Number)
    .option("--concurrency <n>", "recordings at once", Number, 8)
    .option("--output <file>", "default: standard output")
    .option("--compare <file>", "what --output wrote before")
    .action(run);
}

async function run(sets: string[], flags: TextsFlags): Promise<void> {
  const recordings = (await Promise.all(sets.map((set) => readSet(set, flags)))).flat();
  const twice = recordings.find(({ id }, index) => recordings.findIndex((other) => other.id === id) < index);
  if (twice) throw new Error(`Two recordings are called ${twice.id}.`);
  const transcriber = await loadTranscriber(flags);
  const texts = await mapConcurrently(recordings, flags.concurrency, async ({ path }) => {
    return (await transcribeWhole(transcriber, path)).text;
  });
  await transcriber.close();
  const lines = recordings.map(({ id }, index) => `${id}\t${texts[index]}\n`).join("");
  if (flags.output !== undefined) await writeFile(flags.output, lines);
  else if (flags.compare === undefined) process.stdout.write(lines);
  progress(`${recordings.length} utterances`);
  if (flags.compare === undefined) return;
  const differences = compareTexts(await readFile(flags.compare, "utf8"), lines);
  if (differences.length === 0) {
    print(`${recordings.length} texts, all as in ${flags.compare}`);
    return;
  }
  print(`${differences.length} texts differ from ${flags.compare}\n`);
  print(differences.slice(0, SHOWN).join("\n"));
  if (differences.length > SHOWN) print(`and ${differences.length - SHOWN} more`);
  process.exitCode = 1;
}

/** One entry for each id whose text is not the same in both, or that only one of them has. */
export function compareTexts(before: string, after: string): string[] {
  const [was, is] = [readTexts(before), readTexts(after)];
  const ids = [...new Set([...was.keys(), ...is.keys()])];
  return ids
    .filter((id) => was.get(id) !== is.get(id))
    .map((id) => `${id}\n  - ${was.get(id) ?? "(not there)"}\n  + ${is.get(id) ?? "(not there)"}`);
}

function readTexts(lines: string): Map<string, string> {
  const cells = lines.split("\n").filter((line) => line !== "");
  return new Map(
    cells.map((line) => {
      const tab = line.indexOf("\t");
      return [line.slice(0, tab), line.slice(tab + 1)];
    }),
  );
}

async function readSet(set: string, { split, limit }: TextsFlags): Promise<Recording[]> {
  if (!set.endsWith(".tsv")) return [{ id: basename(set), path: set }];
  const rows = (await readManifest(set)).filter(
    ({ columns }) => split === undefined || columns.split === split,
  );
  if (rows.length === 0) throw new Error(`${set} has no row with split ${split}`);
  const name = basename(dirname(set));
  return rows.slice(0, limit).map(({ path, columns }) => ({ id: `${name}/${columns.path}`, path }));
}
