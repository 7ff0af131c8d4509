import { describe, expect, test } from "vitest";
import { MemoryRateLimiter } from "../../../src/local/memory-rate-limiter.ts";
import { ManualClock } from "./manual-clock.ts";

function limiter(requestsPerMinute: number, mostKeys = 100) {
  const clock = new ManualClock();
  const limiter = new MemoryRateLimiter({ requestsPerMinute, clock, mostKeys });
  /** How many of so many requests are allowed. */
  const allowed = async (key: string, requests: number) => {
    let count = 0;
    for (let i = 0; i < requests; i++) if ((await limiter.take(key)).allowed) count++;
    return count;
  };
  return { clock, limiter, allowed };
}

describe("the rate limiter", () => {
  test("allows a minute's worth at once, and then as many as the time brings", async () => {
    const { clock, allowed } = limiter(60);
    expect(await allowed("a", 100)).toBe(60);
    clock.advance(10);
    expect(await allowed("a", 100)).toBe(10);
    clock.advance(3600);
    expect(await allowed("a", 100)).toBe(60);
  });

  test("counts each key by itself", async () => {
    const { allowed } = limiter(3);
    expect(await allowed("a", 5)).toBe(3);
    expect(await allowed("b", 5)).toBe(3);
  });

  test.each([
    [1, 60],
    [7, 9],
    [60, 1],
    [6000, 1],
  ])("with %s a minute says to wait %s s, after which one is allowed", async (perMinute, seconds) => {
    const { clock, limiter: limits, allowed } = limiter(perMinute);
    await allowed("a", perMinute);
    expect(await limits.take("a")).toMatchObject({ allowed: false, retryAfterSeconds: seconds });
    clock.advance(seconds);
    expect(await limits.take("a")).toMatchObject({ allowed: true, retryAfterSeconds: 0 });
  });

  test("takes nothing away when the clock is set back", async () => {
    const { clock, allowed } = limiter(3);
    expect(await allowed("a", 1)).toBe(1);
    clock.advance(-3600);
    expect(await allowed("a", 5)).toBe(2);
  });

  test("forgets the key that was not used for longest", async () => {
    const { allowed } = limiter(1, 2);
    for (const key of ["a", "b"]) expect(await allowed(key, 2)).toBe(1);
    expect(await allowed("a", 1)).toBe(0);
    expect(await allowed("c", 1)).toBe(1);
    expect(await allowed("a", 1)).toBe(0);
    expect(await allowed("b", 1)).toBe(1);
  });

  test("tells how many are left, and when all of them are there again", async () => {
    const { clock, limiter: limits } = limiter(60);
    expect(await limits.take("a")).toMatchObject({ remaining: 59, resetSeconds: 1 });
    expect(await limits.take("a")).toMatchObject({ remaining: 58, resetSeconds: 2 });
    clock.advance(0.5);
    expect(await limits.take("a")).toMatchObject({ remaining: 57, resetSeconds: 3 });
    clock.advance(60);
    expect(await limits.take("a")).toMatchObject({ remaining: 59, resetSeconds: 1 });
  });
});
