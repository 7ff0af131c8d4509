/** `HH:MM:SS,mmm` (SRT) or `HH:MM:SS.mmm` (WebVTT). Hours are always written, and may have more than two digits. */
export function timestamp(milliseconds: number, decimal: "," | "."): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const seconds = Math.floor(milliseconds / 1000);
  const clock = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${clock}${decimal}${String(milliseconds % 1000).padStart(3, "0")}`;
}
