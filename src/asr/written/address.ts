import type { Match } from "./match.ts";

const ENDINGS = new Set("com org net edu gov io dev ai co uk de fr us ca eu info app".split(" "));
const LINKS = new Map([
  ["dot", "."],
  ["dash", "-"],
  ["underscore", "_"],
]);

/** "example dot com", "w w w dot example dot org", "john dot smith at example dot co dot uk". */
export function addressRule(words: readonly string[], at: number): Match | undefined {
  const user = chain(words, at);
  if (!user) return undefined;
  const host = words[user.end] === "at" ? chain(words, user.end + 1) : undefined;
  if (host && isHost(host.text)) return { end: host.end, text: `${user.text}@${host.text}` };
  return isHost(user.text) ? user : undefined;
}

/** Words joined by said marks; a name may begin with letters said one by one. */
function chain(words: readonly string[], at: number): Match | undefined {
  let [end, text] = nameAt(words, at);
  if (text === "") return undefined;
  for (;;) {
    const mark = LINKS.get(words[end] ?? "");
    if (mark === undefined) break;
    const [next, part] = nameAt(words, end + 1);
    if (part === "") break;
    [end, text] = [next, text + mark + part];
  }
  return { end, text };
}

function nameAt(words: readonly string[], at: number): [number, string] {
  if (words[at] === "w" && words[at + 1] === "w" && words[at + 2] === "w") return [at + 3, "www"];
  const word = words[at] ?? "";
  return /^[a-z0-9']+$/.test(word) && !LINKS.has(word) && word !== "at"
    ? [at + 1, word.replaceAll("'", "")]
    : [at, ""];
}

function isHost(text: string): boolean {
  const parts = text.split(".");
  return parts.length > 1 && ENDINGS.has(parts.at(-1) ?? "");
}
