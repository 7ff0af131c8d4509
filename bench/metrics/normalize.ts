/**
 * Text as it is scored: upper case, NFC, single spaces. Punctuation and symbols become spaces (`WELL-KNOWN` is two words,
 * `U.S.` is `U S`), but for the apostrophe in or at a word (`DON'T`, `'TIS`), straight or curly, which becomes a straight one.
 * Soft hyphens and other invisible format characters vanish. Numbers are left as they are written: `7` and `SEVEN` differ.
 */
export function normalizeForScoring(text: string): string {
  return (
    text
      .toUpperCase()
      // After upper-casing, which can take composed letters apart.
      .normalize("NFC")
      .replaceAll(/[’ʼ]/gu, "'")
      .replaceAll(/\p{Cf}/gu, "")
      .replaceAll(/(?!')[\p{P}\p{S}\p{Cc}]/gu, " ")
      .replaceAll(/(?<![\p{L}\p{M}\p{N}])'+(?![\p{L}\p{M}\p{N}])/gu, " ")
      .replaceAll(/\s+/gu, " ")
      .trim()
  );
}
