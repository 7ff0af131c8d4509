/** Which tokens make up which word. */
import { beginsRunning, beginsSpaced, beginsSpaceless, beginsWithMark, wordStarts } from "./script.ts";
import { isSilent, type Vocabulary } from "./vocabulary.ts";

export interface TokenGroup {
  word: string;
  /** Places in the token sequence; separators are in no group. */
  members: number[];
}

/** A group that may grow. */
interface Growing extends TokenGroup {
  /** Of each member. */
  texts: string[];
  running: boolean;
}

/**
 * '▁' begins a word: as a token of its own (char) or in front of a piece (bpe). Besides, every Han or kana character
 * is a word of its own, and Thai, Lao, Khmer and Burmese are cut where ICU's dictionaries have words, as far as tokens
 * begin there. Where the vocabulary has no '▁' at all, everything but runs of letters and digits is a word by itself.
 * <unk> is written as its piece, within the word it stands in: something was said there.
 */
export function groupTokens(tokens: ArrayLike<number>, vocabulary: Vocabulary): TokenGroup[] {
  const { pieces, space } = vocabulary;
  const joins = hasSpaces(vocabulary) ? () => true : beginsSpaced;
  const groups: Growing[] = [];
  let last: Growing | undefined;
  let open = false; // whether `last` goes on with what follows
  for (let i = 0; i < tokens.length; i++) {
    if (isSilent(tokens[i], vocabulary)) continue;
    const piece = pieces[tokens[i]] ?? "";
    if (space !== "" && piece.startsWith(space)) last = undefined;
    const text = space === "" ? piece : piece.replaceAll(space, "");
    if (text === "") continue;
    const running = beginsRunning(text);
    const alone = !running && (beginsSpaceless(text) || !joins(text));
    const grows = beginsWithMark(text) || (open && !alone && last?.running === running);
    if (last === undefined || !grows) {
      last = { word: "", members: [], texts: [], running };
      groups.push(last);
      open = !alone;
    }
    last.word += text;
    last.members.push(i);
    last.texts.push(text);
  }
  return groups.flatMap((group) =>
    group.running ? cutRun(group) : [{ word: group.word, members: group.members }],
  );
}

function hasSpaces({ kind, space, tokenOf }: Vocabulary): boolean {
  return space !== "" && (kind === "bpe" || tokenOf(space) !== undefined);
}

function cutRun({ word, members, texts }: Growing): TokenGroup[] {
  const starts = wordStarts(word);
  const groups: TokenGroup[] = [];
  let at = 0;
  for (const [n, text] of texts.entries()) {
    if (n === 0 || starts.has(at)) groups.push({ word: "", members: [] });
    const group = groups[groups.length - 1];
    group.word += text;
    group.members.push(members[n]);
    at += text.length;
  }
  return groups;
}
