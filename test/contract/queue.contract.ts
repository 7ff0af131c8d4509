import { beforeEach, describe, expect, test } from "vitest";
import type { Message, Queue } from "../../src/jobs/ports/index.ts";

export interface QueueUnderTest {
  /** Empty; gives a message up after three receipts. */
  queue: Queue;
  /** Takes what `queue` gives up. Empty. */
  deadLetters: Queue;
  /** Let so much time pass for visibility timeouts and delays. */
  advance(seconds: number): Promise<void>;
  /** Receivers at the same moment may be given the same message now and then, as SQS says of its standard queues. */
  mayRepeat?: boolean;
}

/** What every adapter of Queue must do. */
export function describeQueue(name: string, make: () => Promise<QueueUnderTest>): void {
  describe(`${name} as a queue`, () => {
    let queue: Queue;
    let deadLetters: Queue;
    let advance: (seconds: number) => Promise<void>;
    let mayRepeat: boolean;
    beforeEach(async () => {
      ({ queue, deadLetters, advance, mayRepeat = false } = await make());
    });

    const look = (most = 10, from = queue) => from.receive({ most, waitSeconds: 0, visibilitySeconds: 300 });
    /** Up to so many messages, in as many calls as it takes: three without any, one after another, are the end. */
    const take = async (count: number, { from = queue, waitSeconds = 0, visibilitySeconds = 300 } = {}) => {
      const messages: Message[] = [];
      for (let empty = 0; messages.length < count && empty < 3; ) {
        const most = Math.min(10, count - messages.length);
        const more = await from.receive({ most, waitSeconds, visibilitySeconds });
        empty = more.length === 0 ? empty + 1 : 0;
        messages.push(...more);
      }
      return messages;
    };
    test("takes whose message it is, of any alphabet and length", async () => {
      for (const owner of ["ada", "größer", "x".repeat(300), "a b"]) {
        await queue.send(owner, { owner });
        await queue.sendMany([`${owner} 1`, `${owner} 2`], { owner });
      }
      expect(await take(12)).toHaveLength(12);
    });

    const receive = async (count: number, visibilitySeconds = 300, from = queue): Promise<Message[]> => {
      const messages = await take(count, { from, waitSeconds: 1, visibilitySeconds });
      expect(messages).toHaveLength(count);
      return messages;
    };
    const bodies = (messages: Message[]) => messages.map(({ body }) => body).sort();

    test.each([
      ["text", "hello"],
      ["JSON with quotes", '{"a":"\\"b\\"\\n"}'],
      ["characters beyond the first plane", "ä 漢字 🎙️ \u{10ffff}"],
      ["markup", "<&amp;>\r\n\t"],
      ["100 KiB", "x".repeat(100 * 1024)],
    ])("hands out %s as it was sent", async (_, body) => {
      await queue.send(body);
      const [message] = await receive(1);
      expect(message.body).toBe(body);
      expect(message.receiveCount).toBe(1);
      expect(message.id).not.toBe("");
      expect(new Date(message.sentAt).toISOString()).toBe(message.sentAt);
    });

    test("is empty at first", async () => {
      expect(await look()).toEqual([]);
      expect(await queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0, oldestSeconds: 0 });
    });

    test("hands out no message twice while it is in hand", async () => {
      await queue.send("once");
      await receive(1);
      expect(await look()).toEqual([]);
    });

    test("never hands out more than was asked for", async () => {
      await queue.sendMany(["1", "2", "3", "4", "5"]);
      const first = await look(2);
      expect(first.length).toBeLessThanOrEqual(2);
      const rest = await receive(5 - first.length);
      expect(bodies([...first, ...rest])).toEqual(["1", "2", "3", "4", "5"]);
    });

    test("sends any number of messages at once, none included", async () => {
      const many = Array.from({ length: 34 }, (_, i) => String(i).padStart(4, "0"));
      await queue.sendMany([]);
      await queue.sendMany(many);
      expect(bodies(await receive(many.length, 600))).toEqual(many);
      expect(await look()).toEqual([]);
    });

    test("gives each message to one of many receivers", async () => {
      const many = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, "0"));
      await queue.sendMany(many);
      const hands = await Promise.all(
        Array.from({ length: 6 }, () => take(Infinity, { visibilitySeconds: 600 })),
      );
      const given = bodies(hands.flat());
      expect(mayRepeat ? [...new Set(given)] : given).toEqual(many);
    });

    test("hands a message out again, to be told apart by its receipt, when its visibility timeout is over", async () => {
      await queue.send("again");
      const [first] = await receive(1, 60);
      await advance(61);
      const [second] = await receive(1);
      expect(second).toMatchObject({ id: first.id, body: "again", receiveCount: 2, sentAt: first.sentAt });
      expect(second.receipt).not.toBe(first.receipt);
    });

    test("deletes for good", async () => {
      await queue.send("gone");
      const [message] = await receive(1, 60);
      await queue.delete(message);
      await queue.delete(message);
      await advance(61);
      expect(await look()).toEqual([]);
    });

    test("takes a stale receipt for nothing, whatever is done with it", async () => {
      await queue.send("stale");
      const [stale] = await receive(1, 60);
      await advance(61);
      const [current] = await receive(1, 600);
      await queue.release(stale);
      expect(await look()).toEqual([]);
      await queue.delete(stale);
      expect(await queue.extend(stale, 600)).toBe(false);
      expect(await queue.extend(current, 60)).toBe(true);
      await advance(61);
      const [again] = await receive(1);
      expect(again.id).toBe(stale.id);
    });

    test("extends the visibility timeout of a message in hand, from now on", async () => {
      await queue.send("long");
      const [message] = await receive(1, 60);
      await advance(30);
      expect(await queue.extend(message, 120)).toBe(true);
      await advance(61);
      expect(await look()).toEqual([]);
      expect(await queue.extend(message, 60)).toBe(true);
      await advance(61);
      expect(bodies(await receive(1))).toEqual(["long"]);
    });

    test("says that a message is no longer ours when another has received it", async () => {
      await queue.send("theirs");
      const [ours] = await receive(1, 60);
      await advance(61);
      const [theirs] = await receive(1, 30);
      await queue.delete(theirs);
      expect(await queue.extend(ours, 30)).toBe(false);
    });

    test("says that a deleted message is no longer ours", async () => {
      await queue.send("deleted");
      const [message] = await receive(1);
      await queue.delete(message);
      expect(await queue.extend(message, 30)).toBe(false);
    });

    test("hands a released message out again at once", async () => {
      await queue.send("released");
      const [message] = await receive(1, 600);
      await queue.release(message);
      expect(await receive(1)).toMatchObject([{ id: message.id, receiveCount: 2 }]);
    });

    test("hands a message that was released with a delay out after it, and not before", async () => {
      await queue.send("later");
      const [message] = await receive(1, 600);
      await queue.release(message, 60);
      expect(await look()).toEqual([]);
      await advance(61);
      expect(await receive(1)).toMatchObject([{ id: message.id, receiveCount: 2 }]);
    });

    test("holds a delayed message back for so long", async () => {
      await queue.send("delayed", { delaySeconds: 60 });
      await queue.send("now");
      expect(bodies(await receive(1))).toEqual(["now"]);
      expect(await look()).toEqual([]);
      await advance(61);
      expect(bodies(await receive(1))).toEqual(["delayed"]);
    });

    test.each([-1, 901, Number.NaN])("refuses a delay of %s s", async (delaySeconds) => {
      await expect(queue.send("never", { delaySeconds })).rejects.toThrow();
    });

    test("moves a message to the dead letters instead of a fourth receipt, others untouched", async () => {
      await queue.send("poison");
      const ids = new Set<string>();
      for (let i = 1; i <= 3; i++) {
        const [message] = await receive(1, 600);
        expect(message.receiveCount).toBe(i);
        ids.add(message.id);
        await queue.release(message);
      }
      await queue.send("sound");
      expect(bodies(await receive(1))).toEqual(["sound"]);
      expect(await look()).toEqual([]);
      const [dead] = await receive(1, 30, deadLetters);
      expect(dead.body).toBe("poison");
      expect([...ids]).toEqual([dead.id]);
      await deadLetters.delete(dead);
      expect(await look(10, deadLetters)).toEqual([]);
    });

    test("waits for a message that is sent meanwhile", async () => {
      const waiting = queue.receive({ most: 10, waitSeconds: 20, visibilitySeconds: 300 });
      await queue.send("at last");
      expect(bodies(await waiting)).toEqual(["at last"]);
    });

    test("waits no longer than it was told to", async () => {
      const begin = performance.now();
      expect(await queue.receive({ most: 1, waitSeconds: 1, visibilitySeconds: 300 })).toEqual([]);
      expect(performance.now() - begin).toBeGreaterThan(900);
    });

    test("ends its waiting when it is told to, at once where that was before", async () => {
      const abort = new AbortController();
      const options = { most: 1, waitSeconds: 20, visibilitySeconds: 300, signal: abort.signal };
      const waiting = queue.receive(options);
      abort.abort();
      expect(await waiting).toEqual([]);
      await queue.send("still here");
      expect(await queue.receive(options)).toEqual([]);
      expect(bodies(await receive(1))).toEqual(["still here"]);
    });

    test("counts what waits, what is in hand and what is delayed", async () => {
      await queue.sendMany(["1", "2", "3"]);
      await queue.send("later", { delaySeconds: 600 });
      await receive(1, 600);
      await expect.poll(() => queue.depth()).toMatchObject({ visible: 2, inFlight: 1, delayed: 1 });
    });
  });
}
