import { ChannelSegmenter } from "../segments/channel-segmenter.ts";
import type { SegmentationOptions } from "../segments/options.ts";
import type { Segment } from "../segments/segmenter.ts";
import type { Found, SegmentApi } from "./segment-thread.ts";
import type { StageTimer } from "./stage-times.ts";
import { closeAll, Thread } from "./thread.ts";

/** A channel that is being cut. Calls may be made before the one before has ended; answers come in order. */
export interface CutChannel {
  /** Mono, 16 kHz, any number of samples, which stay the caller's. Resolves to the segments that they complete. */
  push(samples: Float32Array): Promise<Segment[]>;
  /** The recording has ended: the last segments. */
  flush(): Promise<Segment[]>;
  /** Needed once, whatever happened. */
  close(): void;
}

/**
 * Cuts the channels of all recordings into segments: in worker threads, or, where there are none, on this thread, as a
 * model on the CPU leaves time for. Which one it is changes nothing in the segments.
 */
export class Segmenting {
  readonly #threads: readonly Thread<SegmentApi>[];
  readonly #open: number[];
  readonly #times: StageTimer;
  #next = 0;

  constructor(threads: number, times: StageTimer) {
    const module = new URL("./segment-thread.ts", import.meta.url);
    this.#threads = Array.from({ length: threads }, () => new Thread<SegmentApi>(module, null));
    this.#open = this.#threads.map(() => 0);
    this.#times = times;
  }

  async open(segmentation: SegmentationOptions): Promise<CutChannel> {
    if (this.#threads.length === 0) return this.#onThisThread(await ChannelSegmenter.create(segmentation));
    const index = this.#open.indexOf(Math.min(...this.#open));
    const channel = this.#next++;
    this.#open[index]++;
    await this.#threads[index].call("open", { channel, segmentation });
    return this.#onThread(index, channel);
  }

  close(): Promise<void> {
    return closeAll(this.#threads);
  }

  #onThread(index: number, channel: number): CutChannel {
    const thread = this.#threads[index];
    const counted = async (answer: Promise<Found>) => {
      const { segments, ms } = await answer;
      this.#times.add({ segment: ms });
      return segments;
    };
    return {
      push: (samples) => {
        // A copy that moves is cheaper than one that the message makes.
        const moved = samples.slice();
        return counted(thread.call("push", { channel, samples: moved }, [moved.buffer]));
      },
      flush: () => counted(thread.call("flush", { channel })),
      close: () => {
        this.#open[index]--;
        // A thread that has ended holds nothing.
        thread.call("close", { channel }).catch(() => undefined);
      },
    };
  }

  #onThisThread(segmenter: ChannelSegmenter): CutChannel {
    const timed = async (work: () => Segment[]) => {
      const started = performance.now();
      const segments = work();
      this.#times.add({ segment: performance.now() - started });
      return segments;
    };
    return {
      push: (samples) => timed(() => segmenter.push(samples)),
      flush: () => timed(() => segmenter.flush()),
      close: () => segmenter.close(),
    };
  }
}
