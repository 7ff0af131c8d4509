import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { expect, test } from "vitest";
import { doorman, EDGE_HEADER } from "../../../functions/api/doorman.ts";
import { ManualClock } from "../../src/local/manual-clock.ts";

const request = (headers: Record<string, string>) => ({ headers }) as unknown as APIGatewayProxyEventV2;
const KEY = { authorization: "Bearer sk_1" };

test("what is more than a key may send in a minute is refused before anything is read, known key or not", () => {
  const clock = new ManualClock();
  const refuse = doorman({ clock, requestsPerMinute: 3, edgeSecret: null });
  const codes = () => refuse(request(KEY))?.statusCode ?? null;
  expect([codes(), codes(), codes(), codes()]).toEqual([null, null, null, 429]);
  const refused = refuse(request(KEY));
  expect(JSON.parse(refused?.body ?? "")).toMatchObject({ code: "rate_limited", status: 429 });
  expect(Number(refused?.headers?.["retry-after"])).toBeGreaterThan(0);
  expect(Number(refused?.headers?.["retry-after"])).toBeLessThanOrEqual(60);
  // Another key's turn, and the next minute's.
  expect(refuse(request({ authorization: "Bearer sk_2" }))).toBeNull();
  clock.advance(60);
  expect(codes()).toBeNull();
});

test("requests without a key, which nothing is read for, are let in", () => {
  const refuse = doorman({ clock: new ManualClock(), requestsPerMinute: 1, edgeSecret: null });
  for (let times = 0; times < 5; times++) expect(refuse(request({}))).toBeNull();
});

test("ten thousands of keys that nobody has do not fill the memory", () => {
  const refuse = doorman({ clock: new ManualClock(), requestsPerMinute: 1, edgeSecret: null });
  for (let at = 0; at < 30_000; at++)
    expect(refuse(request({ authorization: `Bearer sk_${at}` }))).toBeNull();
});

test("behind a distribution, what does not come by way of it is refused", () => {
  const refuse = doorman({ clock: new ManualClock(), requestsPerMinute: 10, edgeSecret: "known" });
  expect(refuse(request(KEY))?.statusCode).toBe(404);
  expect(refuse(request({ ...KEY, [EDGE_HEADER]: "guessed" }))?.statusCode).toBe(404);
  expect(refuse(request({ ...KEY, [EDGE_HEADER]: "known" }))).toBeNull();
});
