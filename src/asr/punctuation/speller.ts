/**
 * Words → the punctuator's pieces: lower case, '▁' before each word, at every place the longest piece that fits, and
 * <unk> for a character that no piece begins with. As training/units/text.py, Units.spell.
 */
const SPACE = "▁";
const UNKNOWN = "<unk>";

export class Speller {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #longest: number;
  readonly #unknown: number;

  /** `pieces` in order of their ids. */
  constructor(pieces: readonly string[]) {
    this.#ids = new Map(pieces.map((piece, id) => [piece, id]));
    this.#longest = pieces.reduce((most, piece) => Math.max(most, [...piece].length), 1);
    this.#unknown = this.#ids.get(UNKNOWN) ?? 0;
  }

  /** At least one piece. */
  spell(word: string): number[] {
    const characters = [...(SPACE + bare(word))];
    const ids: number[] = [];
    for (let at = 0; at < characters.length; ) {
      let length = Math.min(this.#longest, characters.length - at);
      let id: number | undefined;
      for (; length > 0; length--) {
        id = this.#ids.get(characters.slice(at, at + length).join(""));
        if (id !== undefined) break;
      }
      ids.push(id ?? this.#unknown);
      at += Math.max(length, 1);
    }
    return ids;
  }
}

/** As the punctuator knows words: lower case, apostrophes inside alone. */
export function bare(word: string): string {
  return word
    .toLowerCase()
    .replaceAll("’", "'")
    .replaceAll(/^'+|'+$/g, "");
}
