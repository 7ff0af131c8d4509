/** Numbers and names as people read them. */

/** Seconds as m:ss or h:mm:ss. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, "0")}:${String(rest).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

const UNITS: readonly [number, string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
];

/** How long ago an ISO 8601 moment was: `12 s`, `5 min`, `3 h`, `40 d`. `now` in milliseconds. */
export function age(moment: string, now: number): string {
  const ms = Math.max(0, now - Date.parse(moment));
  const [size, unit] = UNITS.find(([least]) => ms >= least) ?? [1000, "s"];
  return `${Math.floor(ms / size)} ${unit}`;
}

/** Bytes in decimal units: `312 B`, `4.1 MB`. */
export function byteSize(bytes: number): string {
  const exponent = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  if (exponent === 0) return `${bytes} B`;
  return `${(bytes / 1000 ** exponent).toFixed(1)} ${["", "kB", "MB", "GB", "TB"][exponent]}`;
}

export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** A text of somebody else's on one line, without what would drive a terminal: file names can hold escape codes. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "\ufffd");
}

/** At most so many characters, the end cut off. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
