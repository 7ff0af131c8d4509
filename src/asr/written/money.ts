import { belowHundred } from "./cardinal.ts";
import { isUncounted, standTogether } from "./context.ts";
import type { Match } from "./match.ts";
import { threeFigures } from "./pair.ts";
import { type Quantity, quantity } from "./quantity.ts";

const SIGNS = new Map([
  ["dollars", "$"],
  ["dollar", "$"],
  ["euros", "€"],
  ["euro", "€"],
]);
/** Also what is a weight, but not before a number. */
const CHANGED = new Map([...SIGNS, ["pounds", "£"], ["pound", "£"]]);

/** "five dollars", "five dollars and fifty cents", "two dollars fifty", "two million dollars", "a hundred dollar bill". */
export function moneyRule(words: readonly string[], at: number): Match | undefined {
  const coin = words[at] === "a" && CHANGED.has(words[at + 1] ?? "");
  const amount = coin ? { end: at + 1, text: "1", one: true } : amountAt(words, at);
  const name = words[amount?.end ?? at] ?? "";
  const end = (amount?.end ?? at) + 1;
  if (!amount || amount.text.startsWith("-") || amount.text.includes("/")) return undefined;
  const change = changeAt(words, end);
  const sign = SIGNS.get(name) ?? (change && !change.named ? CHANGED.get(name) : undefined);
  if (sign === undefined) return undefined;
  if (change && !/[ .]/.test(amount.text))
    return { end: change.end, text: `${sign}${amount.text}.${change.text}` };
  if (coin) return undefined; // "a dollar"
  // "a hundred dollar bill", but no "a million dollar idea".
  const kind = !name.endsWith("s") && !amount.one && words[at] === "a";
  if (kind && amount.text.includes(" ")) return undefined;
  return { end, text: `${kind ? "a " : ""}${sign}${amount.text}` };
}

/** A quantity, and what is said before "dollars" alone: "four ninety nine" (499), "nineteen ninety nine" (19.99). */
function amountAt(words: readonly string[], at: number): Quantity | undefined {
  const figures = threeFigures(words, at);
  if (figures && isPlural(words[figures.end]))
    return { end: figures.end, text: String(figures.value), one: false };
  const whole = belowHundred(words, at);
  const hundredths = whole && whole.value >= 10 ? belowHundred(words, whole.end) : undefined;
  const price = whole && hundredths && hundredths.value >= 10 && isPlural(words[hundredths.end]);
  if (price && standTogether(words, at, hundredths.end))
    return { end: hundredths.end, text: `${whole.value}.${hundredths.value}`, one: false };
  return quantity(words, at);
}

function isPlural(name: string | undefined): boolean {
  return name === "dollars" || name === "euros";
}

/** "and fifty cents", "five cents"; "fifty" and "and fifty" where it counts nothing else. */
function changeAt(words: readonly string[], at: number): (Match & { named: boolean }) | undefined {
  const from = words[at] === "and" ? at + 1 : at;
  const cents = quantity(words, from);
  if (cents && /^\d{1,2}$/.test(cents.text) && /^cents?$/.test(words[cents.end] ?? ""))
    return { end: cents.end + 1, text: cents.text.padStart(2, "0"), named: true };
  const rest = belowHundred(words, from);
  return rest && rest.value >= 10 && isUncounted(words[rest.end])
    ? { end: rest.end, text: String(rest.value), named: false }
    : undefined;
}
