import { Presets, SingleBar } from "cli-progress";

/**
 * A progress bar on the last line of a terminal, above which other output can go. cli-progress alone would draw over
 * it: at its end it goes back to where it was begun.
 */
export class Bar {
  readonly #bar: SingleBar;
  #total = 1;
  #value = 0;
  #shown: Record<string, string | number> = {};
  #running = false;
  /** How much output is under way. */
  #hidden = 0;

  /** `format` as cli-progress has it. */
  constructor(stream: NodeJS.WritableStream, format: string) {
    this.#bar = new SingleBar(
      { format, stream, clearOnComplete: true, hideCursor: true },
      Presets.shades_classic,
    );
  }

  /** The first time draws it. */
  update(total: number, value: number, shown: Record<string, string | number>): void {
    [this.#total, this.#value, this.#shown] = [total, value, shown];
    const drawn = this.#running && this.#hidden === 0;
    this.#running = true;
    if (drawn) {
      this.#bar.setTotal(total);
      this.#bar.update(value, shown);
    } else if (this.#hidden === 0) this.#draw();
  }

  /** Take it away while something else is written. */
  async aside<T>(write: () => Promise<T> | T): Promise<T> {
    this.#hide();
    try {
      return await write();
    } finally {
      this.#show();
    }
  }

  /** Write lines above it. */
  above(stream: NodeJS.WritableStream, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#hide();
    stream.write(`${lines.join("\n")}\n`);
    this.#show();
  }

  /** Take it away for good. May be called again. */
  stop(): void {
    this.#running = false;
    this.#bar.stop();
  }

  #hide(): void {
    if (this.#hidden++ === 0) this.#bar.stop();
  }

  #show(): void {
    if (--this.#hidden === 0 && this.#running) this.#draw();
  }

  #draw(): void {
    this.#bar.start(this.#total, this.#value, this.#shown);
  }
}
