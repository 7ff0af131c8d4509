/** Han ideographs and kana: scripts written without spaces, in which a character serves as a word. */
const SPACELESS = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々〆ー]/u;

/** Letters, digits and apostrophes of scripts that do write spaces: a run of them is one word. */
const SPACED = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}'’]/u;

export function beginsSpaceless(text: string): boolean {
  return SPACELESS.test(text);
}

export function beginsSpaced(text: string): boolean {
  return SPACED.test(text);
}
