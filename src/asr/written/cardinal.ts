import { SCALES, TEENS, TENS, UNITS } from "./number-words.ts";

export interface Parsed {
  end: number;
  value: number;
}

/** 1 to 99: "seven", "twelve", "forty", "forty two". */
export function belowHundred(words: readonly string[], at: number): Parsed | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  const small = UNITS.get(word) ?? TEENS.get(word);
  if (small !== undefined) return { end: at + 1, value: small };
  const tens = TENS.get(word);
  if (tens === undefined) return undefined;
  const unit = UNITS.get(words[at + 1] ?? "");
  return unit === undefined ? { end: at + 1, value: tens } : { end: at + 2, value: tens + unit };
}

/** 1 to 9,999 up to a scale word: "three hundred and four", "fifteen hundred", "a hundred", the "a" of "a thousand". */
function belowThousand(words: readonly string[], at: number): Parsed | undefined {
  const first =
    words[at] === "a" && /^(?:hundred|thousand)$/.test(words[at + 1] ?? "")
      ? { end: at + 1, value: 1 }
      : belowHundred(words, at);
  if (!first || words[first.end] !== "hundred") return first;
  return withRest(words, { end: first.end + 1, value: first.value * 100 }, belowHundred);
}

/** Adds what follows, with or without "and". */
function withRest(
  words: readonly string[],
  sofar: Parsed,
  parse: (words: readonly string[], at: number) => Parsed | undefined,
): Parsed {
  const from = words[sofar.end] === "and" ? sofar.end + 1 : sofar.end;
  const rest = parse(words, from);
  // "one hundred two hundred" are two numbers.
  const another = rest && words[rest.end] === "hundred";
  return rest && !another ? { end: rest.end, value: sofar.value + rest.value } : sofar;
}

/** "zero", "seventeen", "two thousand and five", "three million two hundred thousand", "a thousand". */
export function cardinal(words: readonly string[], at: number): Parsed | undefined {
  if (words[at] === "zero") return { end: at + 1, value: 0 };
  let total: Parsed | undefined;
  let limit = Number.POSITIVE_INFINITY;
  for (;;) {
    const and = total !== undefined && words[total.end] === "and";
    const part = belowThousand(words, (total?.end ?? at) + (and ? 1 : 0));
    if (!part || (total && part.value >= limit)) return total;
    const scale = SCALES.get(words[part.end] ?? "");
    if (scale === undefined) {
      // "and" joins only what is below a hundred: "two thousand and three hundred" are two numbers.
      if (and && part.value >= 100) return total;
      return { end: part.end, value: (total?.value ?? 0) + part.value };
    }
    if (scale >= limit) return total;
    total = { end: part.end + 1, value: (total?.value ?? 0) + part.value * scale };
    limit = scale;
  }
}

/** With a comma between thousands. */
export function grouped(value: number): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}
