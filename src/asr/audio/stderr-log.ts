/** Bytes of complaints kept; a broken hour-long file can produce many megabytes of them. */
const KEPT = 4_000;

/** ffmpeg's own words for a container that stops before its end. */
const ENDED_EARLY = /ended prematurely|partial file/i;

/** Collects what ffmpeg complains of, in bounded memory and without the paths of this machine. */
export class StderrLog {
  readonly #secrets: string[];
  readonly #unheard: readonly string[];
  #text = "";
  #rest = "";
  #lines = 0;
  #endedEarly = false;

  /**
   * @param path the input's path, which must not show in messages.
   * @param unheard decoders whose complaints do not count: those of the pictures that come with the sound.
   */
  constructor(path: string, unheard: readonly string[] = []) {
    this.#secrets = [`file:${path}`, path];
    this.#unheard = unheard;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!.slice(0, KEPT);
    for (const line of lines) this.#addLine(line);
  }

  /** Take the last line, too, when it lacks its line feed. */
  end(): void {
    if (this.#rest !== "") this.add("\n");
  }

  /** Complaints about the sound itself: a line that only says the file is cut off does not count. */
  get errorLines(): number {
    return this.#lines;
  }

  /** True when ffmpeg said that the container stops before its end. */
  get endedEarly(): boolean {
    return this.#endedEarly;
  }

  /** The first 4,000 characters of what was said. */
  get text(): string {
    return this.#text;
  }

  /** The first complaint, fit for a message. */
  get firstLine(): string {
    return this.#text.split("\n", 1)[0]!.slice(0, 160);
  }

  #addLine(raw: string): void {
    const speaker = /^\[(\w+) @ /.exec(raw)?.[1];
    if (speaker !== undefined && this.#unheard.includes(speaker)) return;
    let line = raw.replace(/\[[^\]]* @ 0x[0-9a-f]+\] ?/g, "").trim();
    for (const secret of this.#secrets) line = line.replaceAll(secret, "the file");
    if (line === "") return;
    if (ENDED_EARLY.test(line)) this.#endedEarly = true;
    else this.#lines++;
    if (this.#text.length < KEPT) this.#text += `${line.slice(0, KEPT - this.#text.length)}\n`;
  }
}
