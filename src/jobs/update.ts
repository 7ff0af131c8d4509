import type { Batch } from "./batch.ts";
import type { JobStore } from "./ports/job-store.ts";
import type { Transcription } from "./transcription.ts";

/** What a change makes of a record: its successor, or nothing to do. */
type Change<Record> = (record: Record) => Record | null;

/** What became of it: the record as it stands, and whether this call changed it. */
export interface Updated<Record> {
  record: Record;
  changed: boolean;
}

/** Others may save in between; so many losses in a row mean that something else is wrong. */
const MOST_TRIES = 50;

/**
 * Read, change, save: again from the start where somebody else saved in between. `change` is called with the record
 * as it stands and may refuse by throwing. Null where there is no such record.
 */
export async function updateTranscription(
  store: JobStore,
  id: string,
  change: Change<Transcription>,
): Promise<Updated<Transcription> | null> {
  return update(
    () => store.getTranscription(id),
    (a, b) => store.saveTranscription(a, b),
    change,
    id,
  );
}

export async function updateBatch(
  store: JobStore,
  id: string,
  change: Change<Batch>,
): Promise<Updated<Batch> | null> {
  return update(
    () => store.getBatch(id),
    (a, b) => store.saveBatch(a, b),
    change,
    id,
  );
}

async function update<Record>(
  read: () => Promise<Record | null>,
  save: (before: Record, after: Record) => Promise<boolean>,
  change: Change<Record>,
  id: string,
): Promise<Updated<Record> | null> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await read();
    if (!before) return null;
    const after = change(before);
    if (!after) return { record: before, changed: false };
    if (await save(before, after)) return { record: after, changed: true };
  }
  throw new Error(`${id} was changed by others ${MOST_TRIES} times in a row`);
}
