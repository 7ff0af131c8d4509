import { expect, test } from "vitest";
import { makeCursor, parseCursor } from "../../../src/jobs/cursor.ts";
import { InvalidCursorError } from "../../../src/jobs/errors.ts";

const KEY = ["2026-05-01T08:00:00.000Z", "tr_0?>~"];

test("a cursor gives back the key that it was made of, and fits into a query", () => {
  const cursor = makeCursor("transcriptions", KEY);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(cursor).toBe(Buffer.from(JSON.stringify(["transcriptions", ...KEY])).toString("base64url"));
  expect(parseCursor("transcriptions", cursor, 2)).toEqual(KEY);
});

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

test.each([
  ["another list's", makeCursor("batches", KEY)],
  ["one of fewer parts", makeCursor("transcriptions", ["a"])],
  ["one with padding", `${makeCursor("transcriptions", KEY)}==`],
  ["one with a space", `${makeCursor("transcriptions", KEY)} `],
  ["numbers", encoded(["transcriptions", 1, 2])],
  ["other scripts", encoded(["transcriptions", "ü", "日"])],
  ["no list", encoded({ transcriptions: 1 })],
  ["no JSON", "abcd"],
  ["no base64", "%%%"],
  ["nothing", ""],
])("%s is refused", (_, cursor) => {
  expect(() => parseCursor("transcriptions", cursor, 2)).toThrow(InvalidCursorError);
});
