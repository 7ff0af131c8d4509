import { expect, onTestFinished, test, vi } from "vitest";
import type { Api } from "../../web/api/client.ts";
import { watch } from "../../web/api/watch.ts";

/** Watches one that is under way, on a clock that stands still but for `pass`. */
function start() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let shown = Promise.withResolvers<void>();
  shown.resolve();
  const hide = () => (shown = Promise.withResolvers());
  const answers: ((answer: object) => void)[] = [];
  const asked: string[] = [];
  const get = (path: string) => {
    asked.push(path);
    return new Promise((resolve) => answers.push(resolve));
  };
  const end = new AbortController();
  const seen = { looks: 0, underWay: "tr_1" as string | null, wake: () => {} };
  const look = async () => {
    seen.looks++;
    return { underWay: seen.underWay };
  };
  const watching = watch({ get } as unknown as Api, look, {
    signal: end.signal,
    onWake: (wake) => (seen.wake = wake),
    untilVisible: () => shown.promise,
  });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const stop = async () => {
    end.abort();
    await watching;
  };
  return { seen, answers, asked, hide, show: () => shown.resolve(), pass, stop };
}

test("it looks again at once when what is under way ends, else every two seconds", async () => {
  const { seen, answers, asked, pass, stop } = start();
  await pass(0);
  expect([seen.looks, asked]).toEqual([1, ["/v1/transcriptions/tr_1?wait=20"]]);
  answers[0]({});
  await pass(0);
  expect(seen.looks).toBe(2);
  await pass(1999);
  expect(seen.looks).toBe(2);
  await pass(1);
  expect([seen.looks, asked.length]).toEqual([3, 3]);
  await stop();
});

test("where nothing is under way it looks every 15 seconds, or when it is woken, and never in a hidden tab", async () => {
  const { seen, asked, hide, show, pass, stop } = start();
  seen.underWay = null;
  await pass(0);
  // The first look had one under way to wait for.
  await pass(2000);
  const { looks } = seen;
  await pass(14_999);
  expect(seen.looks).toBe(looks);
  await pass(1);
  expect(seen.looks).toBe(looks + 1);
  seen.wake();
  await pass(0);
  expect(seen.looks).toBe(looks + 2);
  hide();
  await pass(60_000);
  expect(seen.looks).toBe(looks + 2);
  show();
  await pass(0);
  expect(seen.looks).toBe(looks + 3);
  expect(asked.length).toBeLessThan(2);
  await stop();
});
