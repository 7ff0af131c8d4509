import type { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openDatabase } from "../../../src/local/database.ts";
import { SqliteQueue } from "../../../src/local/sqlite-queue.ts";
import { systemClock } from "../../../src/local/system-clock.ts";
import { describeQueue } from "../../contract/queue.contract.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { ManualClock } from "./manual-clock.ts";

function openQueues(db: DatabaseSync, clock = new ManualClock()) {
  const queue = new SqliteQueue(db, { name: "work", clock, maxReceives: 3, deadLetters: "dead" });
  const deadLetters = new SqliteQueue(db, { name: "dead", clock, deadLetters: null });
  return { queue, deadLetters, clock, advance: async (seconds: number) => clock.advance(seconds) };
}

const NEVER_WAIT = { most: 10, waitSeconds: 0, visibilitySeconds: 30 };
const WAIT = { most: 10, waitSeconds: 20, visibilitySeconds: 30 };

describeQueue("SqliteQueue", async () => openQueues(openDatabase(":memory:")));

describe("SqliteQueue", () => {
  test("knows the age of the oldest message that waits", async () => {
    const { queue, clock } = openQueues(openDatabase(":memory:"));
    await queue.send("old");
    clock.advance(10);
    await queue.sendMany(["new", "newer"]);
    clock.advance(2.5);
    expect(await queue.depth()).toEqual({ visible: 3, inFlight: 0, delayed: 0, oldestSeconds: 12.5 });
    await queue.receive({ ...NEVER_WAIT, most: 1 });
    expect(await queue.depth()).toEqual({ visible: 2, inFlight: 1, delayed: 0, oldestSeconds: 2.5 });
  });

  test("hands out the oldest first", async () => {
    const { queue } = openQueues(openDatabase(":memory:"));
    await queue.sendMany(["1", "2", "3"]);
    await queue.send("4");
    const messages = await queue.receive(NEVER_WAIT);
    expect(messages.map(({ body }) => body)).toEqual(["1", "2", "3", "4"]);
  });

  test("hands out each owner's in turn, though one of them has flooded it", async () => {
    const { queue } = openQueues(openDatabase(":memory:"));
    await queue.sendMany(
      Array.from({ length: 100 }, (_, index) => `flood ${index}`),
      { owner: "flood" },
    );
    for (const owner of ["ada", "bob"]) await queue.sendMany([`${owner} 0`, `${owner} 1`], { owner });
    const first = await queue.receive({ ...NEVER_WAIT, most: 6 });
    expect(first.map(({ body }) => body)).toEqual(["flood 0", "ada 0", "bob 0", "flood 1", "ada 1", "bob 1"]);
  });

  test("hands out a newcomer's before more of an owner's who keeps every worker at work", async () => {
    const { queue } = openQueues(openDatabase(":memory:"));
    await queue.sendMany(["dead 0", "dead 1", "dead 2", "dead 3"], { owner: "dead" });
    expect(await queue.receive({ ...NEVER_WAIT, most: 3 })).toHaveLength(3);
    await queue.send("ada", { owner: "ada" });
    expect((await queue.receive({ ...NEVER_WAIT, most: 1 }))[0].body).toBe("ada");
  });

  test("hands out no more of an owner's than may be in flight, and goes on when one is done with", async () => {
    const db = openDatabase(":memory:");
    const options = { name: "work", clock: new ManualClock(), deadLetters: null, mostOfOwner: 2 };
    const queue = new SqliteQueue(db, options);
    await queue.sendMany(["dead 0", "dead 1", "dead 2", "dead 3"], { owner: "dead" });
    await queue.sendMany(["ada 0"], { owner: "ada" });
    const held = await queue.receive(NEVER_WAIT);
    expect(held.map(({ body }) => body)).toEqual(["dead 0", "ada 0", "dead 1"]);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const waiting = queue.receive(WAIT);
    await queue.delete(held[0]);
    expect((await waiting).map(({ body }) => body)).toEqual(["dead 2"]);
  });

  test("counts what was given back with a delay as delayed", async () => {
    const { queue } = openQueues(openDatabase(":memory:"));
    await queue.send("later");
    await queue.release((await queue.receive(NEVER_WAIT))[0], 60);
    expect(await queue.depth()).toMatchObject({ visible: 0, inFlight: 0, delayed: 1 });
  });

  test("lets a message go whose visibility timeout is over, but delete it while nobody else has it", async () => {
    const { queue, clock } = openQueues(openDatabase(":memory:"));
    await queue.send("late");
    const [message] = await queue.receive(NEVER_WAIT);
    clock.advance(30);
    expect(await queue.extend(message, 30)).toBe(false);
    await queue.delete(message);
    expect(await queue.receive(NEVER_WAIT)).toEqual([]);
  });

  test("takes the receipt of a released message for nothing", async () => {
    const { queue } = openQueues(openDatabase(":memory:"));
    await queue.send("released");
    const [message] = await queue.receive(NEVER_WAIT);
    await queue.release(message, 60);
    await queue.release(message);
    await queue.delete(message);
    expect(await queue.depth()).toMatchObject({ visible: 0, delayed: 1 });
  });

  test("counts a million messages by its index alone", () => {
    const plan = openDatabase(":memory:")
      .prepare(
        "EXPLAIN QUERY PLAN SELECT count(*), min(sent_at) FROM messages WHERE queue = 'q' AND visible_at <= 1",
      )
      .all();
    expect(plan.map(({ detail }) => detail).join()).toContain("USING COVERING INDEX");
  });

  test("goes on handing out a message where there are no dead letters", async () => {
    const { deadLetters } = openQueues(openDatabase(":memory:"));
    await deadLetters.send("stubborn");
    for (let i = 1; i <= 8; i++) {
      const [message] = await deadLetters.receive(NEVER_WAIT);
      expect(message.receiveCount).toBe(i);
      await deadLetters.release(message);
    }
  });

  test("keeps queues of one database apart", async () => {
    const { queue, deadLetters } = openQueues(openDatabase(":memory:"));
    await queue.send("work");
    expect(await deadLetters.receive(NEVER_WAIT)).toEqual([]);
  });

  test("wakes a waiting receiver at once, and one of two for one message", async () => {
    const { queue } = openQueues(openDatabase(":memory:"));
    const abort = new AbortController();
    // Without timers nobody looks by himself.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const waiting = [1, 2].map(() => queue.receive({ ...WAIT, signal: abort.signal }));
    await queue.send("one");
    const first = await Promise.race(waiting);
    abort.abort();
    expect(first.map(({ body }) => body)).toEqual(["one"]);
    expect((await Promise.all(waiting)).flat()).toHaveLength(1);
  });

  test("wakes a receiver of the dead letters when a message is given up", async () => {
    const { queue, deadLetters } = openQueues(openDatabase(":memory:"));
    await queue.send("poison");
    for (let i = 0; i < 3; i++) await queue.release((await queue.receive(NEVER_WAIT))[0]);
    const waiting = deadLetters.receive(WAIT);
    expect(await queue.receive(NEVER_WAIT)).toEqual([]);
    expect((await waiting).map(({ body }) => body)).toEqual(["poison"]);
  });

  test("wakes a receiver when a delay is over, and when a visibility timeout is", async () => {
    const db = openDatabase(":memory:");
    const queue = new SqliteQueue(db, { name: "work", clock: systemClock, deadLetters: null });
    await queue.send("soon", { delaySeconds: 0.05 });
    expect(await queue.receive({ ...WAIT, visibilitySeconds: 0.05 })).toMatchObject([{ receiveCount: 1 }]);
    expect(await queue.receive(WAIT)).toMatchObject([{ receiveCount: 2 }]);
  });

  test("sees what another connection sends to the file", async () => {
    const file = `${await temporaryFolder()}/service.db`;
    const clock = new ManualClock();
    const [ours, theirs] = [openDatabase(file), openDatabase(file)].map((db) => openQueues(db, clock).queue);
    const waiting = ours.receive(WAIT);
    await theirs.send("from afar");
    expect((await waiting).map(({ body }) => body)).toEqual(["from afar"]);
  });

  test.each([0, 11, Number.NaN])("refuses to receive %s messages at once", async (most) => {
    const { queue } = openQueues(openDatabase(":memory:"));
    await expect(queue.receive({ ...NEVER_WAIT, most })).rejects.toThrow(RangeError);
  });
});
