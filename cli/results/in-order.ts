/** Puts texts out in the order of their numbers, each as soon as those before it are out. Every number needs one. */
export class InOrder {
  readonly #write: (text: string) => Promise<void>;
  readonly #waiting = new Map<number, string>();
  #next = 0;

  constructor(write: (text: string) => Promise<void>) {
    this.#write = write;
  }

  async put(index: number, text: string): Promise<void> {
    this.#waiting.set(index, text);
    for (let ready = this.#waiting.get(this.#next); ready !== undefined; ) {
      this.#waiting.delete(this.#next++);
      await this.#write(ready);
      ready = this.#waiting.get(this.#next);
    }
  }
}
