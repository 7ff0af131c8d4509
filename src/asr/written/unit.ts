import { belowHundred } from "./cardinal.ts";
import { isNumberWord, isUncounted } from "./context.ts";
import type { Match } from "./match.ts";
import { UNITS as UNIT_WORDS } from "./number-words.ts";
import { quantity } from "./quantity.ts";

/** Written right behind the figures, or after a space. The longest name comes first. */
const UNITS: readonly [string, string][] = [
  ["kilometers per hour", " km/h"],
  ["kilometres per hour", " km/h"],
  ["miles per hour", " mph"],
  ["miles an hour", " mph"],
  ["degrees celsius", " °C"],
  ["degrees fahrenheit", " °F"],
  ["per cent", "%"],
  ["percent", "%"],
  ["kilometers", " km"],
  ["kilometres", " km"],
  ["centimeters", " cm"],
  ["centimetres", " cm"],
  ["millimeters", " mm"],
  ["millimetres", " mm"],
  ["kilograms", " kg"],
  ["milligrams", " mg"],
  ["milliliters", " mL"],
  ["millilitres", " mL"],
  ["kilobytes", " KB"],
  ["megabytes", " MB"],
  ["gigabytes", " GB"],
  ["terabytes", " TB"],
  ["hertz", " Hz"],
  ["kilohertz", " kHz"],
  ["megahertz", " MHz"],
  ["gigahertz", " GHz"],
  ["kilowatts", " kW"],
  ["megawatts", " MW"],
  ["milliseconds", " ms"],
  ...("degrees meters metres miles feet inches yards pounds ounces grams liters litres gallons tons acres volts watts amps cents euros pounds knots calories"
    .split(" ")
    .map((name) => [name, ` ${name}`]) as [string, string][]),
];
const MONEY = new Map([
  ["dollars", "$"],
  ["dollar", "$"],
  ["euros", "€"],
  ["euro", "€"],
]);

/** Also what is a weight, but not before a number. */
const CHANGED = new Map([...MONEY, ["pounds", "£"], ["pound", "£"]]);

/** "five kilometers", "twenty degrees celsius", "three point five percent", "one percent". */
export function measureRule(words: readonly string[], at: number): Match | undefined {
  const amount = quantity(words, at);
  if (!amount) return undefined;
  for (const [name, written] of UNITS) {
    const parts = name.split(" ");
    if (parts.every((part, n) => same(words[amount.end + n], part, amount.one && n === 0))) {
      const unit = amount.one && written === ` ${name}` ? ` ${words[amount.end]}` : written;
      return { end: amount.end + parts.length, text: amount.text + unit };
    }
  }
  return undefined;
}

/** "five foot eleven", "six foot two": a person's height. */
export function heightRule(words: readonly string[], at: number): Match | undefined {
  const feet = UNIT_WORDS.get(words[at] ?? "");
  const inches = words[at + 1] === "foot" ? belowHundred(words, at + 2) : undefined;
  if (feet === undefined || !inches || inches.value > 11 || isNumberWord(words[inches.end])) return undefined;
  return { end: inches.end, text: `${feet} foot ${inches.value}` };
}

/** The singular after one: "one kilometer", "one foot", "one inch". */
function same(word: string | undefined, name: string, one: boolean): boolean {
  if (word === name) return true;
  return (
    one &&
    (word === name.replace(/s$/, "") ||
      (name === "feet" && word === "foot") ||
      (name === "inches" && word === "inch"))
  );
}

/** "five dollars", "five dollars and fifty cents", "two dollars fifty", "two million dollars", "a hundred dollar bill". */
export function moneyRule(words: readonly string[], at: number): Match | undefined {
  const coin = words[at] === "a" && CHANGED.has(words[at + 1] ?? "");
  const amount = coin ? { end: at + 1, text: "1", one: true } : quantity(words, at);
  const name = words[amount?.end ?? at] ?? "";
  const end = (amount?.end ?? at) + 1;
  if (!amount || amount.text.startsWith("-") || amount.text.includes("/")) return undefined;
  const change = changeAt(words, end);
  const sign = MONEY.get(name) ?? (change && !change.named ? CHANGED.get(name) : undefined);
  if (sign === undefined) return undefined;
  if (change && !amount.text.includes(" "))
    return { end: change.end, text: `${sign}${amount.text}.${change.text}` };
  if (coin) return undefined; // "a dollar"
  // "a hundred dollar bill", but no "a million dollar idea".
  const kind = !name.endsWith("s") && !amount.one && words[at] === "a";
  if (kind && amount.text.includes(" ")) return undefined;
  return { end, text: `${kind ? "a " : ""}${sign}${amount.text}` };
}

/** "and fifty cents", "five cents"; "fifty" where it counts nothing else. */
function changeAt(words: readonly string[], at: number): (Match & { named: boolean }) | undefined {
  const cents = quantity(words, words[at] === "and" ? at + 1 : at);
  if (cents && /^\d{1,2}$/.test(cents.text) && /^cents?$/.test(words[cents.end] ?? ""))
    return { end: cents.end + 1, text: cents.text.padStart(2, "0"), named: true };
  const rest = belowHundred(words, at);
  return rest && rest.value >= 10 && isUncounted(words[rest.end])
    ? { end: rest.end, text: String(rest.value), named: false }
    : undefined;
}
