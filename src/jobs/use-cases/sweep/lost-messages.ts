import { transcribeMessage } from "../../messages.ts";
import { type Services, timestamp } from "../../services.ts";
import {
  amend,
  ITEM_REQUEUE_SECONDS,
  isTerminal,
  requeueSeconds,
  type Transcription,
} from "../../transcription.ts";
import { updateTranscription } from "../../update.ts";
import { eachOf } from "./each-of.ts";

/** A message lives no longer in its queue. */
const MESSAGE_SECONDS = 14 * 24 * 3600;

type QueueName = Transcription["queue"];

/** Nobody works on it, although a message should have brought somebody by now. */
export function isUnsent(now: string): (record: Transcription) => boolean {
  return ({ state, lease }) =>
    state === "queued" || (state === "processing" && !(lease && lease.until > now));
}

/**
 * Records whose message may be lost: by a crash before it was sent, or because it was purged or too old. They are sent
 * again. Those of an archive are not, while its queue holds messages: theirs is most likely one of them, and a million
 * would be there twice.
 */
export class LostMessages {
  readonly #services: Services;
  readonly #now: string;
  readonly #waiting = new Map<QueueName, Promise<boolean>>();

  constructor(services: Services, now: string) {
    this.#services = services;
    this.#now = now;
  }

  /** Returns how many were dealt with. */
  async attend(records: readonly Transcription[]): Promise<number> {
    let dealtWith = 0;
    for (const [name, ofQueue] of Map.groupBy(records, ({ queue }) => queue)) {
      const tooOld = timestamp(this.#services.clock, -MESSAGE_SECONDS);
      const isThere = name === "archive" && (await this.#holdsMessages(name));
      const waits = ({ times, createdAt }: Transcription) => isThere && (times.queued ?? createdAt) > tooOld;
      dealtWith += await this.#postpone(ofQueue.filter(waits));
      dealtWith += await this.#send(
        name,
        ofQueue.filter((record) => !waits(record)),
      );
    }
    return dealtWith;
  }

  #holdsMessages(name: QueueName): Promise<boolean> {
    const known = this.#waiting.get(name);
    if (known) return known;
    const asked = this.#services.queues[name]
      .depth()
      .then(({ visible, inFlight, delayed }) => visible + inFlight + delayed > 0);
    this.#waiting.set(name, asked);
    return asked;
  }

  async #send(name: QueueName, records: readonly Transcription[]): Promise<number> {
    const { queues, log, clock } = this.#services;
    try {
      for (const [owner, theirs] of Map.groupBy(records, (record) => record.owner))
        await queues[name].sendMany(
          theirs.map(({ id }) => transcribeMessage(id)),
          { owner },
        );
    } catch (error) {
      log.error("sweep.failed", { queue: name, records: records.length, error: String(error) });
      return 0;
    }
    // One in work is sent until somebody takes it; one that waits was sent twice now, and is looked at in a day.
    const again = timestamp(clock, requeueSeconds({ queue: name }));
    const tomorrow = timestamp(clock, ITEM_REQUEUE_SECONDS);
    return this.#setDue(records, ({ state }) => (state === "processing" ? again : tomorrow));
  }

  #postpone(records: readonly Transcription[]): Promise<number> {
    const { clock } = this.#services;
    return this.#setDue(records, (record) => timestamp(clock, requeueSeconds(record)));
  }

  #setDue(records: readonly Transcription[], dueAt: (record: Transcription) => string): Promise<number> {
    const { store } = this.#services;
    const isSettled = ({ state, dueAt: due }: Transcription) =>
      isTerminal(state) || due === null || due > this.#now;
    const change = (record: Transcription) =>
      isSettled(record) ? null : amend(record, { dueAt: dueAt(record) });
    return eachOf(records, this.#services, async (record) => {
      const after = change(record);
      // They were read a moment ago: most have not been changed by anybody.
      if (after && !(await store.saveTranscription(record, after)))
        await updateTranscription(store, record.id, change);
    });
  }
}
