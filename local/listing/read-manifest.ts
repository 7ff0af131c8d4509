import type { BatchSource } from "../../src/jobs/batch.ts";
import type { Services } from "../../src/jobs/services.ts";
import { ManifestError } from "./errors.ts";
import { readCsvRows } from "./read-csv.ts";
import { readInventoryRows } from "./read-inventory.ts";
import { decodeText, splitLines } from "./read-text.ts";

type ManifestSource = Extract<BatchSource, { kind: "manifest" }>;

/** A row, and where to go on after it. */
export interface ManifestRow {
  row: unknown;
  cursor: string;
}

/**
 * The rows of a manifest in their order, as the handler of enqueue-archive takes them, read as they are asked for.
 * `after`: the cursor of the last one that was dealt with. Throws ManifestError, BlobNotFoundError.
 */
export async function* readManifest(
  services: Services,
  owner: string,
  source: ManifestSource,
  after: string | null,
): AsyncGenerator<ManifestRow> {
  const { facts, body } = await services.blobs.get(source.manifest);
  const start = after === null ? { etag: facts.etag, rows: 0 } : parseCursor(after);
  // Rows are known by their number alone: in another list the same number is another row.
  if (start.etag !== facts.etag) {
    await close(body);
    throw new ManifestError("it was changed while it was being read.");
  }
  let rows = 0;
  for await (const row of rowsOf(services, owner, source, decodeText(body))) {
    if (++rows > start.rows) yield { row, cursor: JSON.stringify({ etag: facts.etag, rows }) };
  }
}

function rowsOf(
  services: Services,
  owner: string,
  { format, manifest }: ManifestSource,
  text: AsyncIterable<string>,
): AsyncIterable<unknown> {
  if (format === "csv") return readCsvRows(text);
  if (format === "jsonl") return readJsonLines(text);
  return readInventoryRows(services, owner, manifest.bucket, text);
}

async function* readJsonLines(text: AsyncIterable<string>): AsyncGenerator<unknown> {
  let number = 0;
  for await (const line of splitLines(text)) {
    number++;
    if (line.trim() === "") continue;
    try {
      yield JSON.parse(line);
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new ManifestError(`line ${number} is not JSON.`, { cause });
    }
  }
}

/** A generator that was never begun would not close what it reads. */
async function close(body: AsyncIterable<unknown>): Promise<void> {
  const iterator = body[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return?.();
}

function parseCursor(cursor: string): { etag: string; rows: number } {
  return JSON.parse(cursor);
}
