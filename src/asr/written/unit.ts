import type { Match } from "./match.ts";
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

/** "five dollars", "five dollars and fifty cents", "two million dollars", "a hundred dollars". */
export function moneyRule(words: readonly string[], at: number): Match | undefined {
  const amount = quantity(words, at);
  const sign = amount && MONEY.get(words[amount.end] ?? "");
  if (!amount || sign === undefined || amount.text.startsWith("-") || amount.text.includes("/"))
    return undefined;
  if (!words[amount.end]?.endsWith("s") && !amount.one) return undefined;
  const end = amount.end + 1;
  const cents = quantity(words, words[end] === "and" ? end + 1 : end);
  if (cents && /^\d{1,2}$/.test(cents.text) && /^cents?$/.test(words[cents.end] ?? "")) {
    return { end: cents.end + 1, text: `${sign}${amount.text}.${cents.text.padStart(2, "0")}` };
  }
  return { end, text: `${sign}${amount.text}` };
}
