/** What broadcasters' subtitle guides agree on, roughly (the BBC's and Netflix's among them). Times in milliseconds. */
export const CUE_LIMITS = {
  /** Columns (see graphemes.ts): 42 letters, or 21 Chinese, Japanese or Korean characters, which players draw twice as wide. */
  lineWidth: 42,
  lines: 2,
  longest: 7000,
  /** Shorter cues are stretched into the silence after them, as far as there is any. */
  readable: 1000,
  /** No cue spans a silence this long. */
  silence: 1000,
} as const;
