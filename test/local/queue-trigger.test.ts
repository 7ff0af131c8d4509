import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { expect, onTestFinished, test } from "vitest";
import { silentLog } from "../../local/log.ts";
import { QueueTrigger } from "../../local/queue-trigger.ts";
import { openDatabase } from "../../src/local/database.ts";
import { SqliteQueue } from "../../src/local/sqlite-queue.ts";
import { ManualClock } from "../src/local/manual-clock.ts";

test("a handler gets the messages as SQS hands them to Lambda", async () => {
  const { queue, clock } = world();
  await queue.send("hello");
  const events: SQSEvent[] = [];
  feed(queue, async (event) => {
    events.push(event);
    return { batchItemFailures: [] };
  });
  await expect.poll(() => events.length).toBe(1);
  expect(events[0].Records).toEqual([
    expect.objectContaining({
      body: "hello",
      eventSource: "aws:sqs",
      attributes: expect.objectContaining({
        ApproximateReceiveCount: "1",
        SentTimestamp: String(clock.now()),
      }),
    }),
  ]);
  await expect.poll(() => total(queue)).toBe(0);
});

test("what the handler could not deal with comes back, the rest is done with", async () => {
  const { queue, clock } = world();
  await queue.sendMany(["good", "bad"]);
  const seen: string[] = [];
  feed(queue, async ({ Records }) => {
    seen.push(...Records.map(({ body }) => body));
    const failed = seen.filter((body) => body === "bad").length === 1;
    const bad = Records.filter(({ body }) => failed && body === "bad");
    return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
  await expect.poll(() => total(queue)).toBe(1);
  clock.advance(5);
  await expect.poll(() => total(queue)).toBe(0);
  expect(seen.toSorted()).toEqual(["bad", "bad", "good"]);
});

test("a handler that throws gets what it was given again", async () => {
  const { queue, clock } = world();
  await queue.sendMany(["a", "b"]);
  let calls = 0;
  feed(queue, async () => {
    if (calls++ < 2) throw new Error("no");
    return { batchItemFailures: [] };
  });
  await expect.poll(() => queue.depth()).toMatchObject({ inFlight: 0, delayed: 2 });
  clock.advance(5);
  await expect.poll(() => total(queue)).toBe(0);
});

test("closing waits for the handler under way and takes no more", async () => {
  const { queue } = world();
  await queue.send("slow");
  let release = () => {};
  let started = false;
  const trigger = feed(queue, async () => {
    started = true;
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return { batchItemFailures: [] };
  });
  await expect.poll(() => started).toBe(true);
  const closed = trigger.close();
  await queue.send("late");
  release();
  await closed;
  expect(await queue.depth()).toMatchObject({ visible: 1, inFlight: 0 });
});

test("a slow message keeps no other waiting, and there are as many at once as there may be", async () => {
  const { queue } = world();
  await queue.sendMany(["slow", "slow", "quick"]);
  const done: string[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let most = 0;
  let now = 0;
  const handler = async ({ Records: [{ body }] }: SQSEvent) => {
    most = Math.max(most, ++now);
    if (body === "slow") await released;
    now--;
    done.push(body);
    return { batchItemFailures: [] };
  };
  const options = { queue, handler, log: silentLog, concurrency: 3, visibilitySeconds: 60 };
  const trigger = new QueueTrigger(options);
  onTestFinished(() => trigger.close());
  await expect.poll(() => done).toEqual(["quick"]);
  await queue.sendMany(["slow", "slow"]);
  await expect.poll(() => queue.depth()).toMatchObject({ visible: 1, inFlight: 3 });
  release();
  await expect.poll(() => done).toHaveLength(5);
  expect(most).toBe(3);
});

function world() {
  const db = openDatabase(":memory:");
  onTestFinished(() => db.close());
  const clock = new ManualClock();
  return { clock, queue: new SqliteQueue(db, { name: "jobs", clock, deadLetters: null }) };
}

function feed(queue: SqliteQueue, handler: (event: SQSEvent) => Promise<SQSBatchResponse>): QueueTrigger {
  const trigger = new QueueTrigger({ queue, handler, log: silentLog, concurrency: 1, visibilitySeconds: 60 });
  onTestFinished(() => trigger.close());
  return trigger;
}

async function total(queue: SqliteQueue): Promise<number> {
  const { visible, inFlight, delayed } = await queue.depth();
  return visible + inFlight + delayed;
}
