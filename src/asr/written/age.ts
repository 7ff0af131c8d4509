import { cardinal, grouped } from "./cardinal.ts";
import type { Match } from "./match.ts";

const PERIOD = /^(?:year|month|week|day)$/;
const BEFORE_ONE = /^(?:a|the|this|that|his|her|its|our|my|your|their|every)$/;

/** "thirty year old man", "a hundred year old house", "five year olds", with the hyphens of print. */
export function ageRule(words: readonly string[], at: number): Match | undefined {
  const age = cardinal(words, at);
  if (!age || !PERIOD.test(words[age.end] ?? "") || !/^olds?$/.test(words[age.end + 1] ?? ""))
    return undefined;
  // "she is one year old" has no hyphens.
  if (age.value === 1 && !BEFORE_ONE.test(words[at - 1] ?? "")) return undefined;
  const article = words[at] === "a" ? "a " : "";
  const figures = age.value < 10 ? words[at] : grouped(age.value);
  return { end: age.end + 2, text: `${article}${figures}-${words[age.end]}-${words[age.end + 1]}` };
}
