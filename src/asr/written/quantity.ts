import { belowHundred, cardinal, grouped } from "./cardinal.ts";
import { fraction, isWhole } from "./fraction.ts";
import { SCALES, UNITS, ZEROS } from "./number-words.ts";

/** A number as it stands before a unit: its figures, and "million" where that is how people write it. */
export interface Quantity {
  end: number;
  /** "12,500", "3.5", "2 1/2", "3.5 million". */
  text: string;
  /** Whether exactly one of the unit is meant. */
  one: boolean;
}

const LARGE = new Set([...SCALES.keys()].filter((word) => word !== "thousand"));
export const SIGNS = new Set(["minus", "negative"]);

/** "twelve", "three point five", "two and a half", "two million", "minus five"; "a hundred", "a million". */
export function quantity(words: readonly string[], at: number): Quantity | undefined {
  if (SIGNS.has(words[at] ?? "")) {
    const positive = quantity(words, at + 1);
    return positive && !SIGNS.has(words[at + 1] ?? "")
      ? { ...positive, text: `-${positive.text}`, one: false }
      : undefined;
  }
  if (words[at] === "a" && isPartOf(words, at)) return undefined;
  const article = words[at] === "a" && LARGE.has(words[at + 1] ?? "");
  if (article) return { end: at + 2, text: `1 ${words[at + 1]}`, one: false };
  const exact = roundMillions(words, at) ?? decimal(words, at) ?? mixed(words, at);
  if (exact) return exact;
  const whole = cardinal(words, at);
  return whole && { end: whole.end, text: grouped(whole.value), one: whole.value === 1 };
}

/** "three point one four", "zero point five", "three point eleven", and with a scale: "three point five million". */
export function decimal(words: readonly string[], at: number): Quantity | undefined {
  const whole = words[at] === "point" ? { end: at, value: 0 } : cardinal(words, at);
  if (!whole || words[whole.end] !== "point") return undefined;
  let end = whole.end + 1;
  let digits = "";
  for (; ; end++) {
    const word = words[end] ?? "";
    const digit = ZEROS.has(word) ? 0 : UNITS.get(word);
    if (digit === undefined) break;
    digits += digit;
  }
  const rest = digits === "" && whole.end > at ? belowHundred(words, end) : undefined;
  if (rest) [end, digits] = [rest.end, String(rest.value)];
  if (digits === "") return undefined;
  return scaled(words, { end, text: `${grouped(whole.value)}.${digits}`, one: false });
}

/** "five and a half", "three and a quarter"; with a scale as a decimal: "two and a half million" is 2.5 million. */
function mixed(words: readonly string[], at: number): Quantity | undefined {
  const whole = cardinal(words, at);
  if (!whole || words[whole.end] !== "and") return undefined;
  const part = fraction(words, whole.end + 1);
  if (!part) return undefined;
  if (LARGE.has(words[part.end] ?? "")) {
    return scaled(words, {
      end: part.end,
      text: String(whole.value + part.numerator / part.denominator),
      one: false,
    });
  }
  return { end: part.end, text: `${grouped(whole.value)} ${part.numerator}/${part.denominator}`, one: false };
}

/** "two million", but not "two million three hundred thousand", which is a row of figures. */
function roundMillions(words: readonly string[], at: number): Quantity | undefined {
  const whole = cardinal(words, at);
  if (!whole || !LARGE.has(words[whole.end - 1] ?? "")) return undefined;
  const before = cardinal(words.slice(0, whole.end - 1), at);
  if (!before || before.end !== whole.end - 1 || before.value >= 1000) return undefined;
  return { end: whole.end, text: `${before.value} ${words[whole.end - 1]}`, one: false };
}

/** "six and seven eighths", "one and one half", on their own; "two and a half" stays words. */
export function mixedAlone(words: readonly string[], at: number): Quantity | undefined {
  const whole = cardinal(words, at);
  if (!whole || words[at] === "a" || words[whole.end] !== "and" || words[whole.end + 1] === "a")
    return undefined;
  const part = fraction(words, whole.end + 1);
  return part && isWhole(words, part) ? mixed(words, at) : undefined;
}

/** "half a million", "a quarter of a million", "many a thousand". */
function isPartOf(words: readonly string[], at: number): boolean {
  const before = words[at - 1] === "of" ? words[at - 2] : words[at - 1];
  if (words[at - 1] === "many") return true;
  return /^(?:half|quarter|quarters|third|thirds|fraction)$/.test(before ?? "");
}

function scaled(words: readonly string[], found: Quantity): Quantity {
  const word = words[found.end] ?? "";
  return LARGE.has(word) ? { ...found, end: found.end + 1, text: `${found.text} ${word}` } : found;
}
