import { belowHundred } from "./cardinal.ts";
import type { Match } from "./match.ts";

/** "ten nine eight seven", "seven eight nine ten": counted aloud, down or up. */
export function countRule(words: readonly string[], at: number): Match | undefined {
  const values: number[] = [];
  let end = at;
  for (let next = belowHundred(words, end); next; next = belowHundred(words, end)) {
    const step = next.value - (values.at(-1) ?? next.value);
    if (values.length > 0 && (Math.abs(step) !== 1 || (values.length > 1 && step !== values[1] - values[0])))
      break;
    values.push(next.value);
    end = next.end;
  }
  return values.length > 3 && Math.max(...values) > 9 ? { end, text: values.join(", ") } : undefined;
}
