import { expectedSeconds } from "../expected-duration.ts";
import { type Services, timestamp } from "../services.ts";
import { ITEM_REQUEUE_SECONDS, REQUEUE_SECONDS, type Transcription } from "../transcription.ts";

/** Recordings that stand for all of their kind. */
const SAMPLE = 100;
/**
 * What waits in the interactive queue is due to be looked at within the first of these times, and from its second message on,
 * or in an inbox, within the second. Other things are due then as well: so many records are looked at in each.
 */
const HORIZONS_SECONDS = [2 * REQUEUE_SECONDS, ITEM_REQUEUE_SECONDS + REQUEUE_SECONDS];
const LOOKED_AT = 200;

/**
 * Seconds of audio that wait or are in work, about: what recordings that wait are expected to have, times how many wait.
 * It looks at some hundred recordings of the interactive queue, those that have waited longest, and at a hundred of each
 * open batch. Both queues are asked for their depth in any case.
 */
export async function waitingAudio(services: Services): Promise<number> {
  const [interactive, archives] = await Promise.all([interactiveAudio(services), archiveAudio(services)]);
  return interactive + archives;
}

async function interactiveAudio(services: Services): Promise<number> {
  const { store, queues, clock } = services;
  const { visible, inFlight } = await queues.transcribe.depth();
  if (visible + inFlight === 0) return 0;
  const found: Transcription[] = [];
  let after = { dueAt: timestamp(clock), id: "" };
  for (const horizon of HORIZONS_SECONDS) {
    const until = timestamp(clock, horizon);
    found.push(...(await store.dueTranscriptions(until, LOOKED_AT, after)).items);
    after = { dueAt: until, id: "" };
  }
  const waiting = found.filter(({ queue, state }) => queue === "transcribe" && isAtWork(state));
  return (visible + inFlight) * mean(services, waiting);
}

async function archiveAudio(services: Services): Promise<number> {
  const { store, queues } = services;
  const { visible, inFlight } = await queues.archive.depth();
  if (visible + inFlight === 0) return 0;
  let seconds = 0;
  for (const { id, owner, counts } of await store.openBatches()) {
    const items = counts.queued + counts.processing;
    if (items === 0) continue;
    const status = counts.queued > 0 ? ("queued" as const) : ("processing" as const);
    const { items: sample } = await store.listTranscriptions({
      owner,
      batchId: id,
      state: status,
      limit: SAMPLE,
    });
    seconds += items * mean(services, sample);
  }
  return seconds;
}

function isAtWork(state: Transcription["state"]): boolean {
  return state === "queued" || state === "processing";
}

/** Of recordings that nobody found, what is expected of one that nothing is known of. */
function mean({ limits }: Services, sample: readonly Transcription[]): number {
  if (sample.length === 0) return expectedSeconds(NOTHING_KNOWN, limits);
  return sample.reduce((sum, record) => sum + expectedSeconds(record, limits), 0) / sample.length;
}

const NOTHING_KNOWN = { source: { bucket: "", key: "" }, fileName: null, sourceBytes: null };
