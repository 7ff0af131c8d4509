/** Run the bundled pack on a device and on the CPU; print the largest differences as JSON. A process of its own: drivers read their environment at start. */
import { PrefixBeamSearch } from "../../../../src/asr/beam/prefix-beam.ts";
import type { Device } from "../../../../src/asr/inference/devices.ts";
import { encodeBatch } from "../../../../src/asr/inference/encode.ts";
import { scoreBatch } from "../../../../src/asr/inference/score.ts";
import { closeSessions, openSessions } from "../../../../src/asr/inference/sessions.ts";
import { loadPack } from "../../../../src/asr/pack/load-pack.ts";
import { PACK, readGolden, readSamples } from "../golden.ts";

async function decodeOn(device: Device, waveforms: Float32Array[]) {
  const { vocabulary, manifest } = await loadPack(PACK);
  const sessions = await openSessions(PACK, device, 2);
  // A search wider than the graph's own candidates has the full distributions copied from the card.
  const wide = await encodeBatch(sessions, waveforms.slice(0, 1), 2 * manifest.beam_candidates);
  const batch = await encodeBatch(sessions, waveforms, 10);
  if ((batch.ctcLogProbs === null) !== (device !== "cpu"))
    throw new Error("copied for nothing, or not at all");
  const searcher = new PrefixBeamSearch();
  const nbests = batch.candidates.map((candidates) => searcher.search(candidates, { beam: 10, blank: 0 }));
  const { scores } = await scoreBatch(sessions, batch, nbests, vocabulary);
  await closeSessions(sessions);
  return {
    probabilities: [...wide.ctcLogProbs!, ...batch.candidates.flatMap(({ logProbs }) => [...logProbs])].map(
      Math.exp,
    ),
    scores: scores.flatMap(({ l2r, r2l }) => [...l2r, ...r2l]),
    nbests: nbests.map((nbest) => nbest.map(({ tokens }) => tokens.join(" "))),
  };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let index = 0; index < a.length; index++) largest = Math.max(largest, Math.abs(a[index] - b[index]));
  return largest;
}

const device = process.argv[2] as Device;
// Two of unlike length are a batch with padding; a software driver takes seconds for each.
const golden = (await readGolden()).slice(0, 2);
const waveforms = await Promise.all(golden.map(({ wav }) => readSamples(`${PACK}/${wav}`)));
const [there, here] = [await decodeOn(device, waveforms), await decodeOn("cpu", waveforms)];
process.stdout.write(
  JSON.stringify({
    probabilities: largestDifference(there.probabilities, here.probabilities),
    scores: largestDifference(there.scores, here.scores),
    sameNbests: JSON.stringify(there.nbests) === JSON.stringify(here.nbests),
  }),
);
