import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeSpeech, readSamples, readUtterances, writeSpeech } from "../../bench/speech.ts";

it("every utterance is said before any comes again", async () => {
  const utterances = [1000, 2000, 3000].map((value) => new Int16Array(1600).fill(value));
  const speech = makeSpeech(utterances, 10, 1);
  expect(speech).toHaveLength(160_000);
  const order = speech.filter((value, at) => value > 999 && value !== speech[at - 1]);
  expect(order.length).toBeGreaterThan(6);
  for (let at = 0; at + 3 <= order.length; at += 3)
    expect([...order.slice(at, at + 3)].sort()).toEqual([1000, 2000, 3000]);
});

it("a WAV of it is as long as was asked for", async () => {
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-test-"));
  const path = join(folder, "speech.wav");
  await writeSpeech(path, 3.5, 2);
  expect((await readFile(path)).length).toBe(44 + 2 * 3.5 * 16_000);
  expect(await readSamples(path)).toEqual(makeSpeech(await readUtterances(), 3.5, 2));
  await rm(folder, { recursive: true });
});
