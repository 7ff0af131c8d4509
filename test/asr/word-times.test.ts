import { afterAll, beforeAll, expect, it } from "vitest";
import { collect, Transcriber } from "../../src/asr/index.ts";
import { encodeBatch } from "../../src/asr/inference/encode.ts";
import { closeSessions, openSessions, type Sessions } from "../../src/asr/inference/sessions.ts";
import { loadPack, type ModelPack } from "../../src/asr/pack/load-pack.ts";
import { fixtureUtterances } from "./fixtures.ts";
import { PACK, readSamples } from "./golden.ts";

const FRAME = 0.04; // s

let transcriber: Transcriber;
let sessions: Sessions;
let pack: ModelPack;
beforeAll(async () => {
  pack = await loadPack(PACK);
  [transcriber, sessions] = await Promise.all([
    Transcriber.load(PACK, { device: "cpu", sessions: 1 }),
    openSessions(PACK, "cpu", 1),
  ]);
});
afterAll(() => Promise.all([transcriber.close(), closeSessions(sessions)]));

/** The best path through blank-interleaved `tokens`, written for reading: state of every frame. */
function forcedAlignment(rows: Float32Array, frames: number, size: number, tokens: number[]): number[] {
  const states = [0, ...tokens.flatMap((token) => [token, 0])];
  let paths = states.map((token, state) => ({
    score: state < 2 ? rows[token] : Number.NEGATIVE_INFINITY,
    path: [state],
  }));
  for (let frame = 1; frame < frames; frame++) {
    paths = states.map((token, state) => {
      const mayJump = state > 1 && token !== 0 && token !== states[state - 2];
      const before = [paths[state], paths[state - 1], mayJump ? paths[state - 2] : undefined];
      const best =
        before.reduce((a, b) => (b && b.score > (a?.score ?? Number.NEGATIVE_INFINITY) ? b : a)) ??
        paths[state];
      return { score: best.score + rows[frame * size + token], path: [...best.path, state] };
    });
  }
  const [last, beforeLast] = [paths[states.length - 1], paths[states.length - 2]];
  return (last.score > beforeLast.score ? last : beforeLast).path;
}

/** First frame and end of last frame of each word, in seconds. */
function wordsOf(path: number[], tokens: number[], space: number): { start: number; end: number }[] {
  const words: { start: number; end: number }[] = [];
  let open = false;
  for (const [index, token] of tokens.entries()) {
    const state = 2 * index + 1;
    const [first, last] = [path.indexOf(state) * FRAME, (path.lastIndexOf(state) + 1) * FRAME];
    if (token === space) open = false;
    else if (open) words[words.length - 1].end = last;
    else words.push({ start: first, end: last });
    open = token !== space;
  }
  return words;
}

it("word times are within 80 ms, on average, of a forced alignment of the same text", async () => {
  const differences: number[] = [];
  const space = pack.vocabulary.tokenOf("▁") as number;
  for (const { path, transcript } of await fixtureUtterances()) {
    const batch = await encodeBatch(sessions, [await readSamples(path)], 10);
    const tokens = [...transcript].map(
      (letter) => pack.vocabulary.tokenOf(letter === " " ? "▁" : letter) as number,
    );
    const states = forcedAlignment(batch.ctcLogProbs, batch.frames[0], batch.vocabularySize, tokens);
    const expected = wordsOf(states, tokens, space);
    const found = (await collect(transcriber.transcribe(path))).flatMap(({ words }) => words);
    expect(found.map(({ word }) => word).join(" ")).toBe(transcript);
    for (const [index, { start, end }] of expected.entries()) {
      differences.push(Math.abs(found[index].start - start), Math.abs(found[index].end - end));
    }
  }
  expect(differences).toHaveLength(2 * 64);
  expect(differences.reduce((sum, one) => sum + one, 0) / differences.length).toBeLessThan(0.08);
});
