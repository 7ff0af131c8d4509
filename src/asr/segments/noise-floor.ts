/** Frames of 20 ms averaged into one level, so that the gaps between glottal pulses are not taken for the floor. */
const FRAMES_PER_LEVEL = 5;
/** Levels remembered: 6 s, longer than people speak without a dip and short enough to follow a fan that starts. */
const LEVELS = 60;
/** Levels needed before there is an opinion: a recording may begin in the middle of a word. */
const LEVELS_TO_BEGIN = 10;
/** Anything louder is not believed to be background, dBFS. */
const LOUDEST_DB = -30;

/** The level of the background by minimum statistics: the quietest 100 ms of the last 6 s. */
export class NoiseFloor {
  /** dBFS; −∞ while nothing is known. */
  decibels = Number.NEGATIVE_INFINITY;
  readonly #levels = new Float32Array(LEVELS).fill(Number.POSITIVE_INFINITY);
  #seen = 0;
  #power = 0;
  #frames = 0;

  /** Take in the mean power of the next frame of 20 ms. */
  update(power: number): void {
    this.#power += power;
    this.#frames += 1;
    if (this.#frames < FRAMES_PER_LEVEL) return;
    this.#levels[this.#seen % LEVELS] = 10 * Math.log10(this.#power / FRAMES_PER_LEVEL + 1e-12);
    this.#seen += 1;
    this.#power = 0;
    this.#frames = 0;
    if (this.#seen < LEVELS_TO_BEGIN) return;
    let lowest = LOUDEST_DB;
    for (const level of this.#levels) if (level < lowest) lowest = level;
    this.decibels = lowest;
  }

  /** Forget everything: another recording begins. */
  reset(): void {
    this.decibels = Number.NEGATIVE_INFINITY;
    this.#levels.fill(Number.POSITIVE_INFINITY);
    this.#seen = 0;
    this.#power = 0;
    this.#frames = 0;
  }
}
