export interface Column {
  title: string;
  /** Default: right if every cell is a number, or reads like one (`12.50`, `-3 %`, `80 MB`), else left. */
  align?: "left" | "right";
}

/** Numbers are written as they are: round them first. Null leaves the cell empty. */
export type Cell = string | number | null;

/** With its unit, if it has one. */
const NUMBER = /^([-+−]?(\d[\d,.]*(e[-+]?\d+)?|Infinity)( ?(%|x|s|ms|MB|GB))?|NaN)$/;

/** Rows under titles, in aligned columns. `markdown` gives a table for NOTES.md and README. Lines without a last newline. */
export function formatTable(
  columns: readonly (string | Column)[],
  rows: readonly (readonly Cell[])[],
  style: "plain" | "markdown" = "plain",
): string {
  const wrong = rows.find((row) => row.length !== columns.length);
  if (wrong)
    throw new RangeError(
      `A row has ${wrong.length} cells for ${columns.length} columns: ${wrong.join(", ")}`,
    );
  const write = style === "markdown" ? escapeMarkdown : oneLine;
  const heads: Column[] = columns.map((column) => (typeof column === "string" ? { title: column } : column));
  const titles = heads.map(({ title }) => write(title));
  const body = rows.map((row) => row.map((cell) => write(String(cell ?? ""))));
  const right = heads.map(({ align }, at) =>
    align ? align === "right" : areNumbers(body.map((row) => row[at])),
  );
  // Three at least: the shortest rule that Markdown takes for one.
  const widths = titles.map((title, at) => Math.max(3, width(title), ...body.map((row) => width(row[at]))));
  const pad = (cells: string[]) => cells.map((cell, at) => padTo(cell, widths[at], right[at]));
  const rules = widths.map((size, at) => rule(size, right[at] && style === "markdown"));
  return [pad(titles), rules, ...body.map(pad)]
    .map((cells) => (style === "markdown" ? `| ${cells.join(" | ")} |` : cells.join("  ").trimEnd()))
    .join("\n");
}

/** Empty cells do not count, but there must be one that is not. */
function areNumbers(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== "");
  return filled.length > 0 && filled.every((cell) => NUMBER.test(cell));
}

function rule(size: number, colon: boolean): string {
  return colon ? `${"-".repeat(size - 1)}:` : "-".repeat(size);
}

function padTo(cell: string, size: number, right: boolean): string {
  const space = " ".repeat(size - width(cell));
  return right ? space + cell : cell + space;
}

/** In code points: near enough for names of models and machines. */
function width(text: string): number {
  return [...text].length;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ");
}

function escapeMarkdown(text: string): string {
  return oneLine(text).replaceAll("\\", "\\\\").replaceAll("|", "\\|");
}
