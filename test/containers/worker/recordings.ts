import { readFile } from "node:fs/promises";
import { joinFloats } from "../../../bench/wav.ts";
import { FIXTURES, fixtureUtterances } from "../../src/asr/fixtures.ts";
import { readSamples } from "../../src/asr/golden.ts";
import { pcmWav } from "../../support/wav.ts";

export interface Recording {
  bytes: Buffer;
  text: string;
}

export const COMMANDS = "ENTER NINE ONE SEVEN ERASE FOUR FIVE SIX FIVE FIVE FIVE ONE TWO THREE FOUR GO";

export function commands(): Promise<Buffer> {
  return readFile(`${FIXTURES}/commands.wav`);
}

/** The twenty utterances. */
export async function utterances(): Promise<Recording[]> {
  const all = await fixtureUtterances();
  return Promise.all(
    all.map(async ({ path, transcript }) => ({ bytes: await readFile(path), text: transcript })),
  );
}

/** commands.wav over and over. */
export async function longRecording(seconds: number): Promise<Buffer> {
  const samples = await readSamples(`${FIXTURES}/commands.wav`);
  const times = Math.ceil((seconds * 16_000) / samples.length);
  return pcmWav([joinFloats(Array<Float32Array>(times).fill(samples))]);
}
