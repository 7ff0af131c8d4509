import { InvalidRequestError } from "../../src/jobs/errors.ts";

const DEEPEST = 32;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/gs;

/**
 * Check the text of a JSON body beyond what JSON.parse does, which takes the last of two equal names for meant, and
 * strings that no database can store. Throws InvalidRequestError.
 */
export function checkJsonText(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new InvalidRequestError(text.trim() === "" ? "The body is empty." : "The body is not valid JSON.");
  }
  // One set of names for each open object, null for each open array.
  const open: (Set<string> | null)[] = [];
  let nameComes = false;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : null);
      if (open.length > DEEPEST) refuse(`The body is nested more than ${DEEPEST} levels deep.`);
    } else if (token === "}" || token === "]") open.pop();
    else if (token !== ",") checkString(JSON.parse(token), nameComes ? open.at(-1) : null);
    nameComes = token === "{" || (token === "," && open.at(-1) !== null);
  }
}

/** `names`: those before it in the same object, where it is a name. */
function checkString(value: string, names: Set<string> | null | undefined): void {
  if (!value.isWellFormed()) refuse("The body holds half of a surrogate pair, which is no character.");
  if (value.includes("\0")) refuse("The body holds the character U+0000, which cannot be stored.");
  if (!names) return;
  if (value === "__proto__") refuse("`__proto__` cannot be the name of a member.");
  if (names.has(value)) refuse(`The body has the member ${JSON.stringify(value.slice(0, 100))} twice.`);
  names.add(value);
}

function refuse(message: string): never {
  throw new InvalidRequestError(message);
}
