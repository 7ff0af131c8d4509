import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readSamples } from "./golden.ts";

/** Synthetic recordings that may be committed: test/fixtures. */
export const FIXTURES = fileURLToPath(new URL("../../fixtures", import.meta.url));

export interface FixtureUtterance {
  path: string;
  transcript: string;
}

/** The twenty utterances of manifest.tsv; those of vocabulary/manifest.tsv are letters, dates and larger numbers. */
export async function fixtureUtterances(folder = FIXTURES): Promise<FixtureUtterance[]> {
  const [, ...lines] = (await readFile(`${folder}/manifest.tsv`, "utf8")).trim().split("\n");
  return lines.map((line) => {
    const [path, , transcript] = line.split("\t");
    return { path: `${folder}/${path}`, transcript };
  });
}

export async function fixtureSamples(): Promise<Float32Array[]> {
  return Promise.all((await fixtureUtterances()).map(({ path }) => readSamples(path)));
}
