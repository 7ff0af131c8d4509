import type { Message, Queue } from "../../src/jobs/ports/index.ts";
import { acceptMessage, afterEnd, claim, type Hold } from "../../src/jobs/work/index.ts";
import type { WorkContext } from "./context.ts";
import { RecordingWork } from "./recording-work.ts";
import { repeat } from "./repeat.ts";
import { Stopped, type StopReason } from "./stopped.ts";
import { retryAfter } from "./verdict.ts";

/** `released`: to be received again, by whomever. `lost`: somebody else has it already. */
export type Outcome = "finished" | "released" | "lost";

/** From one renewal of a message's timeout to the next: two may fail before it is anybody else's. */
export function beatSeconds(visibilitySeconds: number): number {
  return visibilitySeconds / 3;
}

/** One message from its receipt to its deletion, which comes after everything that it caused. */
export class MessageWork {
  readonly #context: WorkContext;
  readonly #queue: Queue;
  readonly #message: Message;
  readonly #hold: Hold;
  #recording: RecordingWork | null = null;
  #stopped: StopReason | null = null;

  /** `receipt`: a number of this worker's own. It keeps apart two receipts of the same message by the same worker. */
  constructor(context: WorkContext, queue: Queue, message: Message, receipt: number) {
    this.#context = context;
    this.#queue = queue;
    this.#message = message;
    this.#hold = { worker: `${context.options.id}#${receipt}`, messageId: message.id };
  }

  /** Break off and give back what is not done. */
  drain(): void {
    this.#stop("draining");
  }

  /** Never throws: what goes wrong is logged, and the message comes again. */
  async run(): Promise<Outcome> {
    const { visibilitySeconds } = this.#context.options;
    const stopBeating = repeat(beatSeconds(visibilitySeconds), () => this.#beat(), this.#warn);
    const seconds = await this.#attendAll().catch((error: unknown) => this.#later(error));
    await stopBeating();
    if (this.#stopped === "message_lost") return "lost";
    try {
      if (seconds === null) await this.#queue.delete(this.#message);
      else await this.#queue.release(this.#message, seconds);
    } catch (error) {
      this.#warn(error);
    }
    return seconds === null ? "finished" : "released";
  }

  /** Null: all is done. Else after how many seconds the message is to come again. */
  async #attendAll(): Promise<number | null> {
    const ids = await acceptMessage(this.#context.services, this.#message.body);
    const pending: number[] = [];
    for (const id of ids) {
      if (this.#stopped) return 0;
      const seconds = await this.#attend(id).catch((error: unknown) => this.#later(error));
      if (seconds !== null) pending.push(seconds);
    }
    return pending.length === 0 ? null : Math.min(...pending);
  }

  async #attend(id: string): Promise<number | null> {
    const { services, options } = this.#context;
    const claimed = await claim(services, id, this.#hold, options.visibilitySeconds);
    if (claimed.kind === "claimed") {
      const recording = new RecordingWork(this.#context, claimed.record, this.#hold);
      this.#recording = recording;
      if (this.#stopped) recording.stop(new Stopped(this.#stopped));
      return recording.run().finally(() => {
        this.#recording = null;
      });
    }
    if (claimed.kind === "ended") await afterEnd(services, claimed.record);
    return claimed.kind === "busy" ? claimed.seconds : null;
  }

  /** The message first: a lease must not outlive it. */
  async #beat(): Promise<void> {
    const { visibilitySeconds } = this.#context.options;
    if (await this.#queue.extend(this.#message, visibilitySeconds)) await this.#recording?.renew();
    else this.#stop("message_lost");
  }

  #stop(reason: StopReason): void {
    this.#stopped ??= reason;
    this.#recording?.stop(new Stopped(reason));
  }

  #later(error: unknown): number {
    this.#warn(error);
    return retryAfter(error, this.#message.receiveCount).seconds;
  }

  #warn = (error: unknown): void => {
    this.#context.services.log.warn("message.trouble", {
      queue: this.#queue.name,
      message_id: this.#message.id,
      error: String(error),
    });
  };
}
