import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decode, RATE } from "../decode.ts";
import { type ManifestRow, readManifest } from "../metrics/manifest.ts";
import { joinSamples, toWav } from "../wav.ts";
import type { Part } from "./protocol.ts";

/** Between the utterances of the long recording: digital silence, which every segmentation finds. */
const PAUSE_SECONDS = 0.7;

/** The same speech twice: as utterances in files of their own, and joined in one recording. */
export interface Work {
  utterances: Part[];
  long: Part;
  references: string[];
  /** Of audio: of the utterances, and of the long recording with its pauses. */
  seconds: number;
  longSeconds: number;
}

/** `limit` rows of a manifest as 16 kHz mono WAV files in `folder`, one each and all in one. Needs ffmpeg. */
export async function prepareWork(manifest: string, limit: number, folder: string): Promise<Work> {
  const rows = spread(await readManifest(manifest), limit);
  const utterances: Part[] = [];
  const samples: Int16Array[] = [];
  for (const [at, row] of rows.entries()) {
    const path = join(folder, `${at}.wav`);
    samples.push(await decode(row.path));
    await writeFile(path, toWav(samples[at]));
    utterances.push({ path });
  }
  const pause = new Int16Array(PAUSE_SECONDS * RATE);
  const long = joinSamples(samples.flatMap((part) => [part, pause]));
  const path = join(folder, "long.wav");
  await writeFile(path, toWav(long));
  return {
    utterances,
    long: { path },
    references: rows.map((row) => row.transcript),
    seconds: samples.reduce((sum, part) => sum + part.length, 0) / RATE,
    longSeconds: long.length / RATE,
  };
}

/** All rows, or `limit` of them at even distances. */
function spread(rows: ManifestRow[], limit: number): ManifestRow[] {
  const count = Math.min(limit, rows.length);
  return Array.from({ length: count }, (_, at) => rows[Math.floor((at * rows.length) / count)]);
}
