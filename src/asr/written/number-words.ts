/** The words that numbers are made of. */

export const UNITS: ReadonlyMap<string, number> = new Map(
  ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].map((word, n) => [word, n + 1]),
);

export const TEENS: ReadonlyMap<string, number> = new Map(
  [
    ...["ten", "eleven", "twelve", "thirteen", "fourteen"],
    ...["fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
  ].map((word, n) => [word, n + 10]),
);

export const TENS: ReadonlyMap<string, number> = new Map(
  ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"].map((word, n) => [
    word,
    (n + 2) * 10,
  ]),
);

/** Ordinals below ten, and the ending that makes one of every other number's last word. */
export const ORDINAL_UNITS: ReadonlyMap<string, number> = new Map(
  ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"].map((word, n) => [
    word,
    n + 1,
  ]),
);

export const ORDINAL_TEENS: ReadonlyMap<string, number> = new Map(
  [...TEENS].map(([word, n]) => [word === "twelve" ? "twelfth" : `${word}th`, n]),
);

export const ORDINAL_TENS: ReadonlyMap<string, number> = new Map(
  [...TENS].map(([word, n]) => [`${word.slice(0, -1)}ieth`, n]),
);

export const SCALES: ReadonlyMap<string, number> = new Map([
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
]);

/** Zero as it is said within a row of digits. */
export const ZEROS: ReadonlySet<string> = new Set(["zero", "oh", "o"]);
