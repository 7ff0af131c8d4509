import { pipeline, Readable } from "node:stream";
import { CsvError, type Options, parse } from "csv-parse";
import { ManifestError } from "./errors.ts";
import { MOST_LINE_CHARACTERS } from "./read-text.ts";

/** Rows of CSV as RFC 4180 has it. Throws ManifestError with the line where it is something else. */
export async function* parseCsv<Row>(
  text: AsyncIterable<string>,
  columns: Options["columns"] = false,
): AsyncGenerator<Row> {
  const parser = parse({ columns, skip_empty_lines: true, max_record_size: MOST_LINE_CHARACTERS });
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
  for await (const row of parseCsv<string[]>(text)) {
    if (columns === null) {
      const header = readHeader(row);
      columns = header ?? (row.length === 1 ? { bucket: -1, key: 0 } : { bucket: 0, key: 1 });
      if (header) continue;
    }
    yield { bucket: row[columns.bucket] || null, key: row[columns.key] };
  }
}

function readHeader(row: readonly string[]): Columns | null {
  const names = row.map((name) => name.trim().toLowerCase());
  return names.includes("key") ? { bucket: names.indexOf("bucket"), key: names.indexOf("key") } : null;
}
