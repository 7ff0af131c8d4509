/** A stretch of words that is written otherwise than it is spoken: from where it was looked for up to `end` (exclusive). */
export interface Match {
  end: number;
  text: string;
}

/** Looks at the words from `at` on. Words are in lower case, without punctuation. */
export type Rule = (words: readonly string[], at: number) => Match | undefined;

/** The longest of what the rules find; the earlier rule where two are equally long. */
export function longest(rules: readonly Rule[], words: readonly string[], at: number): Match | undefined {
  let best: Match | undefined;
  for (const rule of rules) {
    const found = rule(words, at);
    if (found && (!best || found.end > best.end)) best = found;
  }
  return best;
}

/** What stays words, and is looked at no more. */
export function asHeard(words: readonly string[], at: number, end: number): Match {
  return { end, text: words.slice(at, end).join(" ") };
}
