/** A phrase to look for among words, and how a caller writes it. */
export interface Phrase {
  /** In lower case, one for each word. */
  words: readonly string[];
  written: string;
}

/** A stretch of words (`end` exclusive) that is a phrase. */
export interface FoundPhrase {
  start: number;
  end: number;
  written: string;
}

/** In lower case, with straight apostrophes: what differs otherwise is not the same word. */
export function normalised(text: string): string {
  return text.normalize("NFC").toLowerCase().replaceAll("’", "'");
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** Phrases by their first word, the longest first; the earlier of two that are equal. */
export class PhraseFinder {
  readonly #byFirst: ReadonlyMap<string, readonly Phrase[]>;

  constructor(phrases: readonly Phrase[]) {
    const spelled = phrases.filter(({ words }) => words.length > 0);
    const byFirst = Map.groupBy(spelled, ({ words }) => words[0]);
    for (const group of byFirst.values()) group.sort((a, b) => b.words.length - a.words.length);
    this.#byFirst = byFirst;
  }

  /** In order, never overlapping. `heard` in lower case. */
  find(heard: readonly string[]): FoundPhrase[] {
    const found: FoundPhrase[] = [];
    for (let at = 0; at < heard.length; ) {
      const fits = ({ words }: Phrase) => words.every((word, n) => heard[at + n] === word);
      const phrase = this.#byFirst.get(heard[at])?.find(fits);
      const end = at + (phrase?.words.length ?? 1);
      if (phrase) found.push({ start: at, end, written: phrase.written });
      at = end;
    }
    return found;
  }
}
