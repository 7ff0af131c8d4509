import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startUploads } from "./upload-server.ts";

const REF = { bucket: "service", key: "uploads/tr_1/long talk.wav" };

async function begun() {
  const server = await startUploads();
  const { blobs, clock } = server;
  const id = await blobs.parts.begin();
  const expiresAt = new Date(clock.now() + 60_000).toISOString();
  const urls = await blobs.parts.sign(REF, id, [1, 2, 3], { expiresAt, maxBytes: 1000 });
  const put = async (number: number, body: string, url = urls[number - 1].url) =>
    (await fetch(url, { method: "PUT", body })).status;
  return { ...server, id, urls, put };
}

test("parts come in any order and again, and are joined in theirs, once", async () => {
  const { blobs, id, put, announced, folder } = await begun();
  expect([await put(3, "ghi"), await put(1, "xxx"), await put(2, "def"), await put(1, "abc")]).toEqual([
    200, 200, 200, 200,
  ]);
  const parts = await blobs.parts.list(REF, id);
  expect(parts.map(({ number, size }) => [number, size])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  expect(await blobs.head(REF)).toBeNull();
  expect(await Array.fromAsync(blobs.list("service", ""))).toEqual([]);
  expect(await blobs.parts.join(REF, id, parts)).toBe(true);
  const { body } = await blobs.get(REF);
  expect(Buffer.concat(await Array.fromAsync(body)).toString()).toBe("abcdefghi");
  expect(await blobs.parts.list(REF, id)).toEqual([]);
  expect(await readdir(join(folder, ".parts"))).toEqual([]);
  expect(announced).toEqual([]);
  // Whoever joins again changes nothing.
  expect(await blobs.parts.join(REF, id, [])).toBe(false);
});

test("a URL of a part is good for that part of that upload alone, of that length, for its time", async () => {
  const { id, urls, put, clock, blobs } = await begun();
  const [{ url }] = urls;
  const changed = (name: string, value: string) => {
    const other = new URL(url);
    other.searchParams.set(name, value);
    return other.href;
  };
  expect(await put(1, "x", changed("part", "2"))).toBe(403);
  expect(await put(1, "x", changed("upload", "0".repeat(32)))).toBe(403);
  expect(await put(1, "x", changed("max", "5000"))).toBe(403);
  expect(await put(1, "x", url.replace(/upload=[^&]+&part=1&/, ""))).toBe(403);
  expect(await put(1, "x".repeat(1001))).toBe(413);
  clock.advance(60);
  expect(await put(1, "x")).toBe(403);
  expect(await blobs.parts.list(REF, id)).toEqual([]);
});

test("what is dropped is gone", async () => {
  const { blobs, id, put, folder } = await begun();
  await put(1, "abc");
  await blobs.parts.drop(REF, id);
  expect(await readdir(join(folder, ".parts"))).toEqual([]);
});
