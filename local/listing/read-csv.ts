import { pipeline, Readable } from "node:stream";
import { CsvError, type Options, parse } from "csv-parse";
import { ManifestError } from "./errors.ts";
import { MOST_LINE_CHARACTERS } from "./read-text.ts";

/** Rows of CSV as RFC 4180 has it. Throws ManifestError with the line where it is something else. */
export async function* parseCsv<Row>(
  text: AsyncIterable<string>,
  columns: Options["columns"] = false,
  delimiter = ",",
): AsyncGenerator<Row> {
  const parser = parse({ columns, delimiter, skip_empty_lines: true, max_record_size: MOST_LINE_CHARACTERS });
  // Closes the source too when the rows are left early; an error comes out of the iteration below.
  pipeline(Readable.from(text), parser, () => {});
  try {
    for await (const row of parser) yield row as Row;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ManifestError(`line ${Number(error.lines)}: ${error.message}.`, { cause: error });
  }
}

/** Where in a row its parts stand; -1 where they do not. */
interface Columns {
  bucket: number;
  key: number;
}

/**
 * Rows that somebody wrote: with a header, its columns `key` and, if it is there, `bucket`; without one, the key
 * alone, or the bucket and the key.
 */
export async function* readCsvRows(
  text: AsyncIterable<string>,
): AsyncGenerator<{ bucket: string | null; key: string }> {
  let columns: Columns | null = null;
  const { delimiter, whole } = await withDelimiter(text);
  for await (const row of parseCsv<string[]>(whole, false, delimiter)) {
    if (columns === null) {
      const header = readHeader(row);
      columns = header ?? (row.length === 1 ? { bucket: -1, key: 0 } : { bucket: 0, key: 1 });
      if (header) continue;
    }
    yield { bucket: row[columns.bucket] || null, key: row[columns.key] };
  }
}

/** Spreadsheets write semicolons where the comma is for decimals: their header, or a bucket before one, tells. */
const SEMICOLONS =
  /^\uFEFF?("?key"?;|[^,\n]*;\s*"?key"?\s*(;|\r?\n|$)|[a-z0-9][a-z0-9.-]{2,62};[^;\n]+(\r?\n|$))/i;

/** The first line is looked at, and the text given back whole. */
async function withDelimiter(
  text: AsyncIterable<string>,
): Promise<{ delimiter: "," | ";"; whole: AsyncIterable<string> }> {
  const pieces = text[Symbol.asyncIterator]();
  let head = "";
  while (!head.includes("\n") && head.length < MOST_LINE_CHARACTERS) {
    const { done, value } = await pieces.next();
    if (done) break;
    head += value;
  }
  async function* whole() {
    try {
      yield head;
      for (;;) {
        const { done, value } = await pieces.next();
        if (done) return;
        yield value;
      }
    } finally {
      await pieces.return?.();
    }
  }
  const first = head.split("\n", 1)[0]!;
  return { delimiter: SEMICOLONS.test(first) ? ";" : ",", whole: whole() };
}

function readHeader(row: readonly string[]): Columns | null {
  const names = row.map((name) => name.trim().toLowerCase());
  return names.includes("key") ? { bucket: names.indexOf("bucket"), key: names.indexOf("key") } : null;
}
