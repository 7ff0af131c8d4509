import { expect, test } from "vitest";
import { fingerprint, sendParts } from "../../web/upload/parts.ts";

const FILE = new Blob(["0123456789"]);
const PARTS = [
  { number: 1, offset: 0, size: 4, url: "u1" },
  { number: 2, offset: 4, size: 4, url: "u2" },
  { number: 3, offset: 8, size: 2, url: "u3" },
];

/** Keeps what was put; the part of `broken` does not come through. */
async function send(parts: typeof PARTS, broken = "") {
  const stored: Record<string, string> = {};
  const progress: number[] = [];
  const put = async (url: string, content: Blob, onProgress: (sent: number) => void) => {
    onProgress(1);
    if (url === broken) throw new Error("cut");
    stored[url] = await content.text();
  };
  const sent = sendParts({ size: 10, parts }, FILE, { put, onProgress: (bytes) => progress.push(bytes) });
  const error = await sent.then(
    () => null,
    (cause: Error) => cause.message,
  );
  return { stored, progress, error };
}

test("a recording goes up part by part, and says how far it is", async () => {
  const { stored, progress, error } = await send(PARTS);
  expect([stored, error]).toEqual([{ u1: "0123", u2: "4567", u3: "89" }, null]);
  expect(progress).toEqual([0, 1, 4, 5, 8, 9, 10]);
});

test("after a cut only what is not there yet is sent", async () => {
  const first = await send(PARTS, "u2");
  expect([first.stored, first.error]).toEqual([{ u1: "0123" }, "cut"]);
  const { stored, progress } = await send(PARTS.slice(1));
  expect([stored, progress]).toEqual([{ u2: "4567", u3: "89" }, [4, 5, 8, 9, 10]]);
});

test("a file is known again by its name, its size and its age", () => {
  const file = { name: "a.wav", size: 1, lastModified: 2 };
  expect(fingerprint(file)).toBe(fingerprint({ ...file }));
  for (const other of [{ name: "b.wav" }, { size: 2 }, { lastModified: 3 }])
    expect(fingerprint({ ...file, ...other })).not.toBe(fingerprint(file));
});
