/** For a POSIX shell, whatever is in it: as one word. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A file's name that no program takes for an option, nor for its input. */
export function argumentName(name: string): string {
  return /^[-.]/.test(name) ? `./${name}` : name;
}
