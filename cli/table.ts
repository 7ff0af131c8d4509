import { printable } from "./readable.ts";

/** Columns two spaces apart, each as wide as its widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => [...line[column]].length)));
  const pad = (cell: string, column: number) => cell + " ".repeat(widths[column] - [...cell].length);
  return lines.map((line) => line.map(pad).join("  ").trimEnd()).join("\n");
}
