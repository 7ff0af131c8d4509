/** Why a listing leaves something out, and how that is said of one of them. */
export const LEFT_OUT = {
  other_extension: "Its name does not end as those of recordings do.",
  apple_double: "macOS left it beside a recording; there is no sound in it.",
  symbolic_link: "It is a symbolic link, which is not followed.",
  unreadable_name: "Its name is not UTF-8, or too long or too unusual for a key.",
  hidden: "Its name begins with a dot.",
  no_file: "It is neither a file nor a folder.",
} as const;

export type LeftOutReason = keyof typeof LEFT_OUT;
export type LeftOutCounts = Partial<Record<LeftOutReason, number>>;
