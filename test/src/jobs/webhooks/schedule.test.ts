import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jitterOf, nextDelaySeconds, retryAfterSeconds } from "../../../../src/jobs/webhooks/schedule.ts";
import { START } from "./world.ts";

const NONE = { redeliveredFrom: null };

describe("the schedule", () => {
  it("is that of Standard Webhooks: ten attempts within 75 h 35 min 5 s", () => {
    const delays = Array.from({ length: 10 }, (_, attemptCount) =>
      nextDelaySeconds({ attemptCount, ...NONE }, 0, 0),
    );
    expect(delays).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, null]);
    expect(delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0)).toBe(75 * 3600 + 35 * 60 + 5);
  });

  it("counts from the last redelivery", () => {
    expect(nextDelaySeconds({ attemptCount: 10, redeliveredFrom: 10 }, 0, 0)).toBe(5);
    expect(nextDelaySeconds({ attemptCount: 19, redeliveredFrom: 10 }, 0, 0)).toBeNull();
  });

  it("adds a fifth at most by jitter", () => {
    expect(nextDelaySeconds({ attemptCount: 1, ...NONE }, 0.5, 0)).toBeCloseTo(330);
    expect(nextDelaySeconds({ attemptCount: 1, ...NONE }, 1, 0)).toBeCloseTo(360);
  });

  it.each([
    [10, 300],
    [3000, 3000],
    [1e9, 86_400],
    [Number.POSITIVE_INFINITY, 86_400],
  ])("waits longer where the endpoint asks for it: %s s", (asked, seconds) => {
    expect(nextDelaySeconds({ attemptCount: 1, ...NONE }, 0, asked)).toBe(seconds);
  });
});

describe("jitter", () => {
  it("is the same for the same attempt, and spread over events and attempts", async () => {
    const all = await Promise.all(
      Array.from({ length: 400 }, (_, i) => jitterOf(`ev_${i % 20}`, Math.floor(i / 20))),
    );
    expect(await jitterOf("ev_7", 3)).toBe(all[67]);
    expect(new Set(all).size).toBe(400);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThanOrEqual(1);
    const mean = all.reduce((sum, jitter) => sum + jitter, 0) / all.length;
    expect(mean).toBeGreaterThan(0.42);
    expect(mean).toBeLessThan(0.58);
  });
});

describe("Retry-After", () => {
  it.each([
    ["120", 120],
    [" 7 ", 7],
    ["0", 0],
    ["Thu, 01 Jan 2026 00:10:00 GMT", 600],
    ["Wed, 31 Dec 2025 23:00:00 GMT", 0],
    ["-5", 0],
    ["5.5", 0],
    ["1e3", 0],
    ["soon", 0],
    ["soon GMT", 0],
    ["2026-01-01T01:00:00Z", 0],
    ["", 0],
    [null, 0],
  ])("%j asks for %s s", (header, seconds) => {
    expect(retryAfterSeconds(header, START)).toBe(seconds);
  });

  it("never asks for less than nothing, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(retryAfterSeconds(header, START)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
