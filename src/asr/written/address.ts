import { isNumberWord } from "./context.ts";
import { figuresAt } from "./figures.ts";
import type { Match } from "./match.ts";

const ENDINGS = new Set("com org net edu gov io dev ai co uk de fr us ca eu info app".split(" "));
/** Words of a host, of a mailbox, or of a part of a path. */
const LONGEST = 40;
const LINKS = new Map([
  ["dot", "."],
  ["dash", "-"],
  ["hyphen", "-"],
  ["underscore", "_"],
]);
const SCHEMES = [
  ["h t t p s", "https"],
  ["h t t p", "http"],
  ["https", "https"],
  ["http", "http"],
].map(([said, scheme]) => ({ parts: `${said} colon slash slash`.split(" "), text: `${scheme}://` }));
/** Before "at example dot com" these are no mailbox: "visit us at", "more at", "look at". */
const NO_MAILBOX = new Set(
  `me us it them him her you we they is are was be find found look read more online available live here there up out
  site website page shop visit work works working worked store blog home now today and or hosted meet see`.split(
    /\s+/,
  ),
);

/** "example dot com", "w w w dot example dot org slash prices", "john dot smith at example dot co dot uk", "j d o e at …". */
export function addressRule(words: readonly string[], at: number): Match | undefined {
  const scheme = schemeAt(words, at);
  const name = chain(words, scheme?.end ?? at);
  if (!name) return undefined;
  if (isHost(name.text)) return withPath(words, { ...name, text: (scheme?.text ?? "") + name.text });
  return scheme || NO_MAILBOX.has(words[at] ?? "") ? undefined : mailbox(words, name);
}

function mailbox(words: readonly string[], user: Match): Match | undefined {
  const host = words[user.end] === "at" ? chain(words, user.end + 1) : undefined;
  return host && isHost(host.text) ? { end: host.end, text: `${user.text}@${host.text}` } : undefined;
}

/** "slash docs slash prices". */
function withPath(words: readonly string[], host: Match): Match {
  let { end, text } = host;
  while (words[end] === "slash") {
    const part = chain(words, end + 1);
    if (!part) return { end: end + 1, text: `${text}/` };
    [end, text] = [part.end, `${text}/${part.text}`];
  }
  return { end, text };
}

/** "http colon slash slash". */
function schemeAt(words: readonly string[], at: number): Match | undefined {
  const found = SCHEMES.find(({ parts }) => parts.every((part, n) => words[at + n] === part));
  return found && { end: at + found.parts.length, text: found.text };
}

/** Words joined by said marks; a name may begin with letters said one by one. */
function chain(words: readonly string[], at: number): Match | undefined {
  let found = nameAt(words, at);
  while (found && found.end < at + LONGEST) {
    const mark = LINKS.get(words[found.end] ?? "");
    const next = mark === undefined ? undefined : nameAt(words, found.end + 1);
    if (mark === undefined || !next) break;
    found = { end: next.end, text: found.text + mark + next.text };
  }
  return found;
}

/** "w w w", "j d o e", "bob", "bob twenty three", "forty two". */
function nameAt(words: readonly string[], at: number): Match | undefined {
  let end = at;
  while (/^[a-z]$/.test(words[end] ?? "")) end++;
  if (end > at + 1) return withNumber(words, { end, text: words.slice(at, end).join("") });
  const word = words[at] ?? "";
  if (isNumberWord(word)) return withNumber(words, { end: at, text: "" });
  const isName = /^[a-z0-9']+$/.test(word) && !LINKS.has(word) && word !== "at" && word !== "slash";
  return isName ? withNumber(words, { end: at + 1, text: word.replaceAll("'", "") }) : undefined;
}

/** A number behind a name belongs to it, digits one by one or as one number. */
function withNumber(words: readonly string[], name: Match): Match | undefined {
  const figures = words[name.end] === "a" ? undefined : figuresAt(words, name.end);
  if (figures) return { end: figures.end, text: name.text + figures.text };
  return name.text === "" ? undefined : name;
}

function isHost(text: string): boolean {
  const parts = text.split(".");
  return parts.length > 1 && ENDINGS.has(parts.at(-1) ?? "");
}
