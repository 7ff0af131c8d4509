import type { Progress } from "../../src/asr/index.ts";
import type { Transcription } from "../../src/jobs/transcription.ts";
import {
  afterEnd,
  complete,
  fail,
  giveBack,
  type Hold,
  renew,
  saveProgress,
  stillHeld,
} from "../../src/jobs/work/index.ts";
import type { WorkContext } from "./context.ts";
import { fetchRemote } from "./fetch-remote.ts";
import { repeat } from "./repeat.ts";
import { Stopped } from "./stopped.ts";
import { transcribeSource } from "./transcribe.ts";
import { failureOf, retryAfter } from "./verdict.ts";

/** One transcription that was claimed, from its source to its end. */
export class RecordingWork {
  readonly #context: WorkContext;
  readonly #record: Transcription;
  readonly #hold: Hold;
  readonly #stopping = new AbortController();
  #progress = 0;
  #savedProgress = 0;
  #savedAt = performance.now();

  constructor(context: WorkContext, record: Transcription, hold: Hold) {
    this.#context = context;
    this.#record = record;
    this.#hold = hold;
  }

  /** Break off within a segment. Without effect once the transcript is being stored. */
  stop(stopped: Stopped): void {
    this.#stopping.abort(stopped);
  }

  /** Renew the lease, right after the message was extended. */
  async renew(): Promise<void> {
    const { services, options } = this.#context;
    const life = { leaseSeconds: options.visibilitySeconds, progress: this.#progress };
    if (!(await renew(services, this.#record.id, this.#hold, life))) this.stop(new Stopped("record_lost"));
  }

  /** Null: all that this transcription needs is done. Else after how many seconds its message is to come again. */
  async run(): Promise<number | null> {
    const { services, transcriber, options } = this.#context;
    const { signal } = this.#stopping;
    const stopWatching = repeat(options.checkSeconds, () => this.#watch(), this.#warn);
    const transcribe = async () => {
      await fetchRemote(services, options.readRemote, this.#record, signal);
      return transcribeSource(services, transcriber, this.#record, {
        signal,
        onProgress: (progress) => this.#note(progress),
      });
    };
    try {
      const { transcript, etag } = await transcribe().finally(stopWatching);
      this.#context.health.succeeded();
      const ours = await complete(services, this.#withEtag(etag), this.#hold, transcript);
      return ours ? null : await this.#afterLoss();
    } catch (error) {
      return signal.aborted ? this.#afterStop(signal.reason) : this.#afterError(error);
    }
  }

  #note({ done, total }: Progress): void {
    if (total !== null && total > 0) this.#progress = Math.min(1, done / total);
  }

  async #watch(): Promise<void> {
    const { services, options } = this.#context;
    const { id } = this.#record;
    const now = performance.now();
    const isDue =
      this.#progress > this.#savedProgress && now - this.#savedAt >= options.progressSeconds * 1000;
    if (isDue) [this.#savedProgress, this.#savedAt] = [this.#progress, now];
    const held = isDue
      ? await saveProgress(services, id, this.#hold, this.#progress)
      : await stillHeld(services, id, this.#hold);
    if (!held) this.stop(new Stopped("record_lost"));
  }

  /** The source may have changed since it was asked for; what counts as done is what was read. */
  #withEtag(etag: string): Transcription {
    return this.#record.sourceEtag === null ? this.#record : { ...this.#record, sourceEtag: etag };
  }

  async #afterStop({ reason }: Stopped): Promise<number | null> {
    const { id, owner } = this.#record;
    this.#context.services.log.info("transcription.stopped", { id, owner, reason });
    if (reason === "record_lost") return this.#afterLoss();
    if (reason === "draining") await giveBack(this.#context.services, id, this.#hold);
    return 0;
  }

  /** Somebody ended it, or took it over with another message: what the record says now decides. */
  async #afterLoss(): Promise<number | null> {
    const { services } = this.#context;
    const { id } = this.#record;
    const record = await services.store.getTranscription(id);
    if (record?.state === "queued" || record?.state === "processing") return 0;
    if (record) await afterEnd(services, record);
    return null;
  }

  async #afterError(error: unknown): Promise<number | null> {
    const { services } = this.#context;
    const { id } = this.#record;
    const failure = failureOf(error);
    if (failure) return (await fail(services, id, this.#hold, failure)) ? null : this.#afterLoss();
    this.#warn(error);
    if (this.#context.health.failed(error)) this.#context.onBroken(error);
    const retry = retryAfter(error, this.#record.attempts);
    await giveBack(services, id, this.#hold, retry);
    return retry.seconds;
  }

  #warn = (error: unknown): void => {
    const { id, owner } = this.#record;
    this.#context.services.log.warn("transcription.trouble", { id, owner, error: String(error) });
  };
}
