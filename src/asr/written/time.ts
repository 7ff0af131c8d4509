import { belowHundred } from "./cardinal.ts";
import type { Match } from "./match.ts";
import { ZEROS } from "./number-words.ts";

const BEFORE = new Set(["at", "by", "until", "till", "around", "about", "before", "after", "since", "from"]);
const NOT_AFTER = new Set(
  "percent dollars people minutes seconds hours days years miles of hundred thousand million".split(" "),
);

/** "five thirty p m", "seven a m", "at ten fifteen", "five o'clock", "nine oh five am". */
export function timeRule(words: readonly string[], at: number): Match | undefined {
  const hour = belowHundred(words, at);
  // Two words are twenty one to twenty three, which people say with "hours" only.
  if (!hour || hour.end !== at + 1 || hour.value > 12) return undefined;
  if (words[hour.end] === "o'clock") return { end: hour.end + 1, text: `${hour.value} o'clock` };
  const minutes = minutesAt(words, hour.end);
  const half = halfOfDay(words, minutes?.end ?? hour.end);
  const clock = minutes ? `${hour.value}:${String(minutes.value).padStart(2, "0")}` : String(hour.value);
  if (half) return { end: half.end, text: `${clock} ${half.text}` };
  if (!minutes || !BEFORE.has(words[at - 1] ?? "") || NOT_AFTER.has(words[minutes.end] ?? ""))
    return undefined;
  return { end: minutes.end, text: clock };
}

function minutesAt(words: readonly string[], at: number): { end: number; value: number } | undefined {
  const zero = ZEROS.has(words[at] ?? "");
  const found = belowHundred(words, zero ? at + 1 : at);
  return found && found.value < 60 && found.value < 10 === zero ? found : undefined;
}

function halfOfDay(words: readonly string[], at: number): Match | undefined {
  const [first, second] = [words[at] ?? "", words[at + 1] ?? ""];
  if (/^[ap]\.?m\.?$/.test(first)) return { end: at + 1, text: `${first[0]}.m.` };
  return /^[ap]$/.test(first) && second === "m" ? { end: at + 2, text: `${first}.m.` } : undefined;
}
