import { expect, test } from "vitest";
import type { Page } from "../../../../src/jobs/ports/index.ts";
import { PAGE_BYTES, pageOfBytes } from "../../../../src/jobs/use-cases/page-bytes.ts";

/** A list of records of these sizes, and how many bytes of it were read. */
function listOf(sizes: readonly number[]) {
  const read = { bytes: 0 };
  const page = async (limit: number, after = "0"): Promise<Page<{ id: number; text: string }>> => {
    const begin = Number(after);
    const items = sizes.slice(begin, begin + limit).map((size, index) => {
      read.bytes += size;
      return { id: begin + index, text: "x".repeat(size) };
    });
    return { items, next: begin + limit < sizes.length ? String(begin + limit) : null };
  };
  return { read, page };
}

async function pages(sizes: readonly number[], limit: number) {
  const { page, read } = listOf(sizes);
  const found: number[][] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const { items, next } = await pageOfBytes({ limit, after }, page);
    found.push(items.map(({ id }) => id));
    after = next;
  }
  return { found, read };
}

test.each([
  ["small ones", Array.from({ length: 250 }, () => 10), 100, [100, 100, 50]],
  [
    "a hundred large ones",
    Array.from({ length: 100 }, () => 160_000),
    100,
    [12, 12, 12, 12, 12, 12, 12, 12, 4],
  ],
  ["one that is too large alone", [10, PAGE_BYTES, 10, PAGE_BYTES], 10, [1, 1, 1, 1]],
  ["fewer than were asked for", [1, 2, 3], 10, [3]],
  ["none", [], 10, [0]],
  ["large ones after small ones", [...Array(20).fill(1), ...Array(20).fill(150_000)], 100, [33, 7]],
])("%s come in pages by their bytes, each once and in order", async (_, sizes, limit, lengths) => {
  const { found } = await pages(sizes, limit);
  expect(found.map(({ length }) => length)).toEqual(lengths);
  expect(found.flat()).toEqual(sizes.map((_, index) => index));
});

test("no more than a few of them are read for a page that holds none of the rest", async () => {
  const { page, read } = listOf(Array.from({ length: 100 }, () => 250_000));
  await pageOfBytes({ limit: 100 }, page);
  expect(read.bytes).toBeLessThanOrEqual(28 * 250_000);
});
