/** What recordings under way may take together, and what a large one takes. */
export const SEATS = 32;
const LARGE = 4;

/** Bytes up to which a recording is short, however it was compressed: a few minutes at most, mostly seconds. */
const SHORT_BYTES = 512 * 1024;

/**
 * How many recordings go side by side: 8 large ones, whose samples and decoders take memory, or 32 short ones, which
 * together fill the engine's batches. In the order in which they came.
 */
export class Seats {
  #free = SEATS;
  readonly #waiting: { seats: number; sit: () => void }[] = [];

  /** Resolves to what is to be called at the end. @param bytes null where the size is not known. */
  async take(bytes: number | null): Promise<() => void> {
    const seats = bytes !== null && bytes <= SHORT_BYTES ? 1 : LARGE;
    await new Promise<void>((sit) => {
      this.#waiting.push({ seats, sit });
      this.#admit();
    });
    return () => {
      this.#free += seats;
      this.#admit();
    };
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && next.seats <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.seats;
      next.sit();
    }
  }
}
