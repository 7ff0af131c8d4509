import { describe, expect, it } from "vitest";
import { ApiError, ConnectionError } from "../../../cli/client/problem.ts";
import { withRetries } from "../../../cli/client/retry.ts";

/** How long was waited between tries of work that fails so many times with an error. */
async function waits(error: Error, { tries = 15, repeatable = true, failures = 100 } = {}) {
  const waited: number[] = [];
  const wait = async (ms: number) => void waited.push(ms);
  const signal = new AbortController().signal;
  const work = async (attempt: number) => {
    if (attempt <= failures) throw error;
    return "done";
  };
  const end = await withRetries(work, { signal, wait, tries, repeatable }).catch((thrown: unknown) => thrown);
  return { waited, end };
}

const broken = new ConnectionError("It broke off.", false);

describe("what is tried again", () => {
  it("waits twice as long each time, up to half a minute", async () => {
    const { waited, end } = await waits(broken, { tries: 10 });
    expect(waited).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(end).toBe(broken);
  });

  it("ends with the first success", async () => {
    expect(await waits(broken, { failures: 2 })).toEqual({ waited: [250, 500], end: "done" });
  });

  it.each([
    ["a limit, which began nothing", new ApiError("rate_limited", "", 429), [250, 500]],
    ["a limit with Retry-After", new ApiError("rate_limited", "", 429, 7), [7000, 7000]],
    ["a limit that lasts too long", new ApiError("rate_limited", "", 429, 61), []],
    ["an error of the server", new ApiError("internal_error", "", 500), [250, 500]],
    ["a request that makes no sense", new ApiError("invalid_request", "", 400), []],
    ["a service that is not there", new ConnectionError("", true), []],
    ["a mistake of ours", new TypeError("x"), []],
  ])("%s", async (_name, error, expected) => {
    expect((await waits(error, { tries: 3 })).waited).toEqual(expected);
  });

  it.each([
    [broken, 0],
    [new ApiError("internal_error", "", 500), 0],
    [new ApiError("rate_limited", "", 429), 2],
  ])("what must not be done twice is tried again only where it was not begun: %s", async (error, times) => {
    expect((await waits(error, { tries: 3, repeatable: false })).waited).toHaveLength(times);
  });
});
