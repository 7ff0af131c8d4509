import { expect, test } from "vitest";
import { DEFAULT_LIMITS, limitsFrom } from "../../../src/jobs/limits.ts";

test("limits are the defaults where the environment says nothing", () => {
  expect(limitsFrom({ HOME: "/root" })).toEqual(DEFAULT_LIMITS);
});

test("each limit has a variable", () => {
  const limits = limitsFrom({
    SCRIPTORIUM_LIMIT_UPLOAD_BYTES: "1000",
    SCRIPTORIUM_LIMIT_REQUESTS_PER_MINUTE: "3",
  });
  expect(limits).toEqual({ ...DEFAULT_LIMITS, uploadBytes: 1000, requestsPerMinute: 3 });
});

test.each(["0", "-1", "1.5", "many", "", "1e3", "99999999999999999999"])("%j is no limit", (text) => {
  expect(() => limitsFrom({ SCRIPTORIUM_LIMIT_HOTWORDS: text })).toThrow(/SCRIPTORIUM_LIMIT_HOTWORDS/);
});

test("a limit that is not there is named, with those that are", () => {
  expect(() => limitsFrom({ SCRIPTORIUM_LIMIT_UPLOADS: "1" })).toThrow(
    /SCRIPTORIUM_LIMIT_UPLOADS is not a limit.*SCRIPTORIUM_LIMIT_UPLOAD_BYTES/,
  );
});

test.each([
  ["UPLOAD_BYTES", 5 * 1024 ** 3],
  ["REQUEST_BYTES", 320 * 1024],
  ["UPLOAD_URL_SECONDS", 7 * 24 * 3600],
])("%s has a border that nothing behind it could keep", (name, most) => {
  const set = (value: number) => limitsFrom({ [`SCRIPTORIUM_LIMIT_${name}`]: String(value) });
  expect(() => set(most)).not.toThrow();
  expect(() => set(most + 1)).toThrow(`SCRIPTORIUM_LIMIT_${name} must be ${most} at most`);
});
