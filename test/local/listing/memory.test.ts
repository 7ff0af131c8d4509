import { describe, expect, test } from "vitest";
import { readCsvRows } from "../../../local/listing/read-csv.ts";
import { decodeText, splitLines } from "../../../local/listing/read-text.ts";

const ROWS = 200_000;
const ROWS_OF_A_CHUNK = 500;
/** Rows that may have been read but not handed on yet: some chunks, whatever the length of the list. */
const MOST_AHEAD = 20 * ROWS_OF_A_CHUNK;

/** A list that is made as it is read, and how much of it was. */
function longList(row: (number: number) => string) {
  const state = { made: 0, closed: false };
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      while (state.made < ROWS) {
        const rows = Array.from({ length: ROWS_OF_A_CHUNK }, () => row(state.made++));
        yield Buffer.from(rows.join(""));
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, bytes: bytes() };
}

async function mostAhead(state: { made: number }, rows: AsyncIterable<unknown>) {
  let [read, most] = [0, 0];
  for await (const _ of rows) most = Math.max(most, state.made - ++read);
  return { read, most };
}

const csv = (number: number) => `tapes,"folder ${number % 100}/tape ${number}.mp3"\r\n`;
const json = (number: number) => `${JSON.stringify({ key: `folder ${number % 100}/tape ${number}.mp3` })}\n`;

describe("a list of 200,000 rows", () => {
  test.each([
    ["CSV", csv, (bytes: AsyncIterable<Uint8Array>) => readCsvRows(decodeText(bytes))],
    ["JSONL", json, (bytes: AsyncIterable<Uint8Array>) => splitLines(decodeText(bytes))],
  ])("in %s is read no faster than it is used", async (_, row, parse) => {
    const { state, bytes } = longList(row);
    const { read, most } = await mostAhead(state, parse(bytes));
    expect(read).toBe(ROWS);
    expect(most).toBeLessThan(MOST_AHEAD);
    expect(state.closed).toBe(true);
  });

  test.each([
    ["CSV", csv, (bytes: AsyncIterable<Uint8Array>) => readCsvRows(decodeText(bytes))],
    ["JSONL", json, (bytes: AsyncIterable<Uint8Array>) => splitLines(decodeText(bytes))],
  ])("in %s is closed when it is left", async (_, row, parse) => {
    const { state, bytes } = longList(row);
    for await (const _row of parse(bytes)) break;
    await expect.poll(() => state.closed).toBe(true);
    expect(state.made).toBeLessThan(MOST_AHEAD);
  });
});
