/** Which tokens make up which word. */
import { beginsSpaced, beginsSpaceless } from "./script.ts";
import { isSilent, type Vocabulary } from "./vocabulary.ts";

export interface TokenGroup {
  word: string;
  /** Places in the token sequence; separators are in no group. */
  members: number[];
}

/**
 * '▁' begins a word: as a token of its own (char) or in front of a piece (bpe). Besides, every Han or kana character
 * is a word of its own; and where the vocabulary has no '▁' at all, so is everything but runs of letters and digits.
 * <unk> is written as its piece, within the word it stands in: something was said there.
 */
export function groupTokens(tokens: ArrayLike<number>, vocabulary: Vocabulary): TokenGroup[] {
  const { pieces, space } = vocabulary;
  const joins = hasSpaces(vocabulary) ? () => true : beginsSpaced;
  const groups: TokenGroup[] = [];
  let open: TokenGroup | undefined;
  for (let i = 0; i < tokens.length; i++) {
    if (isSilent(tokens[i], vocabulary)) continue;
    const piece = pieces[tokens[i]] ?? "";
    const begins = space !== "" && piece.startsWith(space);
    const text = space === "" ? piece : piece.replaceAll(space, "");
    if (begins) open = undefined;
    if (text === "") continue;
    const alone = beginsSpaceless(text) || !joins(text);
    if (open === undefined || alone) {
      open = { word: "", members: [] };
      groups.push(open);
    }
    open.word += text;
    open.members.push(i);
    if (alone) open = undefined;
  }
  return groups;
}

function hasSpaces({ kind, space, tokenOf }: Vocabulary): boolean {
  return space !== "" && (kind === "bpe" || tokenOf(space) !== undefined);
}
