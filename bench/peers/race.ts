import { ErrorRate } from "../metrics/error-rate.ts";
import { median } from "../metrics/statistics.ts";
import type { Contestant } from "./contestant.ts";
import type { Part, Pass } from "./protocol.ts";
import { openaiNormalised } from "./whisper.ts";
import type { Work } from "./work.ts";

/** What one contestant did with one kind of work. Times are of the counted passes. */
export interface Result {
  name: string;
  seconds: number;
  cpu_seconds: number;
  rtf: number;
  all_seconds: number[];
  /** How many times as long it takes as the first contestant: the median over passes made by turns. */
  times_ours: number;
  wer: number;
  /** After OpenAI's normaliser on both sides; null where it is not installed. */
  wer_openai: number | null;
  /** Of texts that are, letter for letter, those of greedy search in PyTorch; null where that did not run, or for another model. */
  equal_to_greedy: number | null;
  stages_ms: Record<string, number>;
}

export interface Race {
  work: string;
  audio_seconds: number;
  parts: number;
  results: Result[];
}

/** Every contestant by turns, `passes` times after a warm-up. The first of them is ours. */
export async function raceUtterances(
  contestants: Contestant[],
  work: Work,
  passes: number,
  normaliser: string,
): Promise<Race> {
  const runs = await byTurns(contestants, () => work.utterances, passes);
  const race = summarise("utterances", work.seconds, contestants, runs, work.references);
  return addOpenai(race, work.references, runs, normaliser);
}

/** The peers that come without a segmentation are given the segments that ours finds, at no charge. */
export async function raceLong(
  contestants: Contestant[],
  work: Work,
  passes: number,
  normaliser: string,
): Promise<Race> {
  let cuts: Part[] = [];
  const parts = (contestant: Contestant) => (contestant.findsSegments ? [work.long] : cuts);
  const runs = await byTurns(contestants, parts, passes, (pass) => {
    if (cuts.length === 0) cuts = pass.cuts ?? [];
  });
  const joined = runs.map((of) => of.map((pass) => ({ ...pass, texts: [pass.texts.join(" ")] })));
  const references = [work.references.join(" ")];
  const race = summarise("one recording", work.longSeconds, contestants, joined, references);
  return addOpenai({ ...race, parts: cuts.length }, references, joined, normaliser);
}

async function byTurns(
  contestants: Contestant[],
  partsFor: (contestant: Contestant) => readonly Part[],
  passes: number,
  onPass: (pass: Pass) => void = () => undefined,
): Promise<Pass[][]> {
  const runs: Pass[][] = contestants.map(() => []);
  for (let turn = 0; turn <= passes; turn++) {
    for (const [at, contestant] of contestants.entries()) {
      const pass = await contestant.run(partsFor(contestant));
      onPass(pass);
      if (turn > 0) runs[at].push(pass);
    }
  }
  return runs;
}

function summarise(
  work: string,
  audioSeconds: number,
  contestants: Contestant[],
  runs: Pass[][],
  references: string[],
): Race {
  const greedy = runs.find(([first]) => first.greedy)?.[0].greedy;
  const results = contestants.map(({ entry }, at): Result => {
    const passes = runs[at];
    const all = passes.map(({ seconds }) => seconds);
    const seconds = median(all);
    const [{ texts, stages = {} }] = passes;
    return {
      name: entry.name,
      seconds,
      cpu_seconds: median(passes.map((pass) => pass.cpu_seconds)),
      rtf: seconds / audioSeconds,
      all_seconds: all,
      times_ours: median(passes.map((pass, turn) => pass.seconds / runs[0][turn].seconds)),
      wer: werOf(new ErrorRate(), references, texts),
      wer_openai: null,
      equal_to_greedy: entry.sameModel && greedy?.length === texts.length ? shareEqual(texts, greedy) : null,
      stages_ms: stages,
    };
  });
  return { work, audio_seconds: audioSeconds, parts: references.length, results };
}

async function addOpenai(
  race: Race,
  references: string[],
  runs: Pass[][],
  normaliser: string,
): Promise<Race> {
  const sides = [references, ...runs.map(([{ texts }]) => texts)];
  const normalised = await openaiNormalised(normaliser, sides.flat());
  if (normalised === null) return race;
  const [truth, ...texts] = sides.map((_, side) => {
    return normalised.slice(side * references.length, (side + 1) * references.length);
  });
  const results = race.results.map((result, at) => {
    return { ...result, wer_openai: werOf(new ErrorRate(asItIs), truth, texts[at]) };
  });
  return { ...race, results };
}

const asItIs = (text: string) => text.trim();

function werOf(rate: ErrorRate, references: string[], texts: string[]): number {
  for (const [at, reference] of references.entries()) rate.add(reference, texts[at]);
  return rate.wer;
}

function shareEqual(texts: string[], others: string[]): number {
  return texts.filter((text, at) => text === others[at]).length / texts.length;
}
