import { figuresAt } from "./figures.ts";
import type { Match } from "./match.ts";

const SEPARATORS = new Set(["dot", "point"]);

/** Numbers of three and more parts: "version two point zero point one", "one nine two dot one six eight dot one dot one". */
export function dottedRule(words: readonly string[], at: number): Match | undefined {
  const first = figuresAt(words, at);
  if (!first) return undefined;
  let [end, text, parts] = [first.end, first.text, 1];
  const separator = words[end] ?? "";
  while (SEPARATORS.has(separator) && words[end] === separator) {
    const part = figuresAt(words, end + 1);
    if (!part) break;
    [end, text, parts] = [part.end, `${text}.${part.text}`, parts + 1];
  }
  const least = separator === "dot" && words[at - 1] === "version" ? 2 : 3;
  return parts >= least ? { end, text } : undefined;
}
