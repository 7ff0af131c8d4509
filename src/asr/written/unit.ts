import { belowHundred } from "./cardinal.ts";
import { isNumberWord } from "./context.ts";
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
  ["x", "x"],
  ["k", "K"],
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
/** "five kilometers", "twenty degrees celsius", "three point five percent", "one percent". */
export function measureRule(words: readonly string[], at: number): Match | undefined {
  const amount = quantity(words, at);
  if (!amount) return undefined;
  for (const [name, written] of UNITS) {
    const parts = name.split(" ");
    // "two x y" are a number and letters, "two x rays" are pictures.
    if (parts[0].length === 1 && isApart(words[amount.end + 1])) continue;
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

/** Whether a letter before this word is no unit. */
function isApart(next: string | undefined): boolean {
  return next !== undefined && (/^(?:[a-z]|rays?)$/.test(next) || isNumberWord(next));
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
