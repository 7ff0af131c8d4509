import { Leveller } from "./leveller.ts";
import type { SegmentationOptions } from "./options.ts";
import { type Segment, Segmenter } from "./segmenter.ts";

/** One channel of a recording on its way to segments: brought to a level, then cut. */
export class ChannelSegmenter {
  readonly #leveller = new Leveller();
  readonly #segmenter: Segmenter;

  static async create(options: Partial<SegmentationOptions>): Promise<ChannelSegmenter> {
    return new ChannelSegmenter(await Segmenter.create(options));
  }

  private constructor(segmenter: Segmenter) {
    this.#segmenter = segmenter;
  }

  /** Takes the next samples (mono, 16 kHz, any number); returns the segments they complete. */
  push(samples: Float32Array): Segment[] {
    return this.#leveller.push(samples).flatMap((levelled) => this.#segmenter.push(levelled));
  }

  /** The recording has ended; returns the last segments. */
  flush(): Segment[] {
    const last = this.#leveller.flush().flatMap((levelled) => this.#segmenter.push(levelled));
    return [...last, ...this.#segmenter.flush()];
  }

  /** Gives back what the detector holds. Safe to call twice. */
  close(): void {
    this.#segmenter.close();
  }
}
