import type { Transcriber } from "../../src/asr/index.ts";
import { bare } from "../../src/asr/punctuation/speller.ts";
import { mapConcurrently, transcribeWhole } from "../engine.ts";
import { align } from "../metrics/align.ts";
import { ManifestError, readManifest } from "../metrics/manifest.ts";
import { type Marked, Scores } from "./scores.ts";
import { readDisplay } from "./stage.ts";

export interface SpokenWord {
  word: string;
  marked: Marked;
}

export interface SpeechScores {
  recordings: number;
  audioSeconds: number;
  /** Of the words of the texts, substituted or left out, and words put in. */
  wer: number;
  scores: Scores;
}

/** Nothing is written of a word that was not heard, and nothing expected of one that nobody said. */
const NOTHING: Marked = { mark: "", capital: null };

/**
 * What the whole engine writes of recordings against their texts with marks and capitals: the manifest's column `text`.
 * Throws ManifestError where it has none.
 */
export async function scoreSpeech(
  transcriber: Transcriber,
  manifest: string,
  width = 4,
): Promise<SpeechScores> {
  const rows = await readManifest(manifest);
  const results = await mapConcurrently(rows, width, async ({ path, columns, line }) => {
    if (columns.text === undefined) throw new ManifestError(manifest, line, "there is no column “text”");
    // Numbers stay words, so that each has a mark to be compared with.
    const { segments, duration } = await transcribeWhole(transcriber, path, { numerals: false });
    const heard = segments.flatMap(({ words }) => words.map(({ word, display }) => spoken(word, display)));
    return { expected: readText(columns.text), heard, duration };
  });
  const scores = new Scores();
  let [wrong, words, audioSeconds] = [0, 0, 0];
  for (const { expected, heard, duration } of results) {
    wrong += addAligned(scores, expected, heard);
    words += expected.length;
    audioSeconds += duration;
  }
  return { recordings: rows.length, audioSeconds, wer: wrong / Math.max(words, 1), scores };
}

/** Words are counted by the text: `Well, then —` has two. */
export function readText(text: string): SpokenWord[] {
  const written = text.split(/\s+/).filter((word) => word !== "");
  return written
    .map((word) => spoken(word.replaceAll(/[^\p{L}\p{N}'’]+/gu, ""), word))
    .filter(({ word }) => word !== "");
}

function spoken(word: string, display: string): SpokenWord {
  return { word: bare(word), marked: readDisplay(display) };
}

/**
 * Adds each word of the text beside the one that was heard for it: a mark counts where it was expected or found, a capital
 * where the same word was heard. Returns how many words are wrong.
 */
export function addAligned(
  scores: Scores,
  expected: readonly SpokenWord[],
  heard: readonly SpokenWord[],
): number {
  const words = (side: readonly SpokenWord[]) => side.map(({ word }) => word);
  const {
    pairs = [],
    substitutions,
    insertions,
    deletions,
  } = align(words(expected), words(heard), { pairs: true });
  let [i, j] = [0, 0];
  for (const { reference, hypothesis } of pairs) {
    const wanted = reference === null ? NOTHING : expected[i++].marked;
    const found = hypothesis === null ? NOTHING : heard[j++].marked;
    scores.add(reference === hypothesis ? wanted : { ...wanted, capital: null }, found);
  }
  return substitutions + insertions + deletions;
}
