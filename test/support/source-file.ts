/** Reading source: a tokenizer is enough, and unlike a bare pattern it is not taken in by comments and strings. */

export interface Reference {
  specifier: string;
  /** `url` is `new URL("./x.ts", import.meta.url)`: a worker thread or a bundle's entry. Other files are data. */
  kind: "import" | "url";
}

export interface SourceFile {
  path: string;
  references: Reference[];
  tokens: string[];
  lines: number;
}

const IMPORTS = "from * | import * | import ( * | require ( * | import . meta . resolve ( *";
const URLS = "new URL ( * , import . meta . url";

const TOKEN = new RegExp(
  [
    /(?<space>\s+|\/\/.*|\/\*[\s\S]*?\*\/|^#!.*)/,
    /(?<string>"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')/,
    /(?<word>[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*|\d[\w.]*)/u,
    /(?<regex>\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*)/,
    /(?<other>[\s\S])/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "uy",
);
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?<end>`|\$\{)/uy;
/** After these a slash divides; after anything else it begins a regular expression. */
const OPERAND_END =
  /^(?:[\])}"'`]|(?!(?:return|typeof|case|in|of|do|else|void|delete|await|yield)$)[\p{ID_Continue}$]+$)/u;

/** The tokens that matter: words, single characters, and strings with their quotes. A template's text is left out. */
function tokenize(source: string): string[] {
  const tokens: string[] = [];
  const braces: boolean[] = []; // for each open brace: whether it is a template's `${`
  let at = 0;
  const template = (begin: number) => {
    TEMPLATE.lastIndex = begin;
    const match = TEMPLATE.exec(source);
    if (!match) throw new Error("a template without an end");
    if (match.groups?.end === "${") braces.push(true);
    const whole = source[begin - 1] === "`" && match.groups?.end === "`";
    tokens.push(whole ? JSON.stringify(match[0].slice(0, -1)) : "`");
    at = TEMPLATE.lastIndex;
  };
  while (at < source.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source) as RegExpExecArray;
    const { space, regex } = match.groups ?? {};
    const divides = regex !== undefined && OPERAND_END.test(tokens.at(-1) ?? "");
    const token = divides ? "/" : match[0];
    at += token.length;
    if (space !== undefined) continue;
    if (token === "{") braces.push(false);
    if (token === "`" || (token === "}" && braces.pop())) template(at);
    else tokens.push(regex !== undefined && !divides ? "`" : token);
  }
  return tokens;
}

/** Where the tokens of a pattern (or another, after `|`) stand side by side. `*` is any string: its content comes back. */
export function occurrences(tokens: string[], patterns: string): string[] {
  const matches = (want: string, token = "") => (want === "*" ? /^["']/.test(token) : token === want);
  return patterns.split(" | ").flatMap((pattern) => {
    const wanted = pattern.split(" ");
    const places = tokens.keys().filter((from) => wanted.every((want, i) => matches(want, tokens[from + i])));
    return [...places].map((from) => tokens[from + wanted.indexOf("*")]?.slice(1, -1) ?? "");
  });
}

/** Throws where a template has no end. */
export function readSource(path: string, source: string): SourceFile {
  const tokens = tokenize(source);
  const imports = occurrences(tokens, IMPORTS).map((specifier) => ({ specifier, kind: "import" as const }));
  const urls = occurrences(tokens, URLS).map((specifier) => ({ specifier, kind: "url" as const }));
  const references = [...imports, ...urls.filter(({ specifier }) => specifier.endsWith(".ts"))];
  return { path, tokens, references, lines: source.replace(/\n$/, "").split("\n").length };
}
