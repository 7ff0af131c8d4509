import { amend, enter } from "../../../../src/jobs/transcription.ts";
import { updateTranscription } from "../../../../src/jobs/update.ts";
import { openDatabase } from "../../../../src/local/database.ts";
import { SqliteJobStore } from "../../../../src/local/sqlite-job-store.ts";
import { SqliteQueue } from "../../../../src/local/sqlite-queue.ts";
import { systemClock } from "../../../../src/local/system-clock.ts";
import { aTranscription, completed, NOW } from "../../../contract/records.ts";

/** Sends, receives, creates and saves as much as it can; prints each message that it was given. */
const [file, name, count, batchId, sharedId] = process.argv.slice(2);
const db = openDatabase(file);
const store = new SqliteJobStore(db);
const queue = new SqliteQueue(db, { name: "work", clock: systemClock, deadLetters: null });

async function receive(waitSeconds: number): Promise<number> {
  const messages = await queue.receive({ most: 3, waitSeconds, visibilitySeconds: 600 });
  for (const message of messages) {
    process.stdout.write(`${message.body}\n`);
    await queue.delete(message);
  }
  return messages.length;
}

for (let i = 0; i < Number(count); i++) {
  await queue.send(`${name} ${i}`);
  const record = { ...aTranscription({ batchId }), id: `tr_${name}_${i}` };
  await store.createTranscription(record, { now: NOW });
  const begun = enter(record, "processing", NOW);
  await store.saveTranscription(record, begun);
  await store.saveTranscription(begun, completed(begun, 1));
  await updateTranscription(store, sharedId, (shared) => amend(shared, { attempts: shared.attempts + 1 }));
  await receive(0);
}
while ((await receive(1)) > 0);
