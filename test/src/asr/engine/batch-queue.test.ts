import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BatchQueue } from "../../../../src/asr/engine/batch-queue.ts";

const limits = { maxSamples: 100, maxUtterances: 4, overheadSamples: 4 };
const item = (length: number, name = String(length)) => ({ length, name });
const namesOf = (batch: { name: string }[]) => batch.map(({ name }) => name);

function queueOf(lengths: number[], most = limits) {
  const queue = new BatchQueue<ReturnType<typeof item>>(most);
  for (const length of lengths) queue.push(item(length));
  return queue;
}

describe("the batch queue", () => {
  it("puts the one that waited longest with those next to it in length", async () => {
    const queue = queueOf([20, 90, 21, 5, 19]);
    expect(namesOf(await queue.take())).toEqual(["19", "20", "21"]);
    expect(namesOf(await queue.take())).toEqual(["90"]);
    expect(namesOf(await queue.take())).toEqual(["5"]);
  });

  it("pads a little rather than send many small batches", async () => {
    const queue = queueOf([6, 5, 5]);
    expect(namesOf(await queue.take())).toEqual(["5", "5", "6"]);
  });

  it("pads the more, the more a batch costs", async () => {
    expect(namesOf(await queueOf([10, 20]).take())).toEqual(["10"]);
    const costly = { ...limits, overheadSamples: 40 };
    expect(namesOf(await queueOf([10, 20], costly).take())).toEqual(["10", "20"]);
  });

  it("makes batches that keep to the limits, hold the oldest, and leave out no length in between", async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 30 });
    const property = fc.asyncProperty(lengths, async (all) => {
      const queue = queueOf(all);
      const waiting = [...all];
      while (queue.length > 0) {
        const batch = (await queue.take()).map(({ length }) => length);
        const longest = Math.max(...batch);
        expect(batch).toContain(waiting[0]);
        expect(batch.length).toBeLessThanOrEqual(limits.maxUtterances);
        if (batch.length > 1) expect(longest * batch.length).toBeLessThanOrEqual(limits.maxSamples);
        for (const length of batch) waiting.splice(waiting.indexOf(length), 1);
        const between = waiting.filter((length) => length > Math.min(...batch) && length < longest);
        expect(between).toEqual([]);
      }
      expect(waiting).toEqual([]);
    });
    await fc.assert(property);
  });

  it("counts padding against the limit", async () => {
    const queue = queueOf([30, 31, 40]);
    expect(namesOf(await queue.take())).toEqual(["30", "31"]);
  });

  it("takes an utterance that is over the limit by itself", async () => {
    const queue = queueOf([500, 500]);
    expect(namesOf(await queue.take())).toEqual(["500"]);
  });

  it("never holds more utterances than allowed", async () => {
    const queue = queueOf([1, 1, 1, 1, 1]);
    expect(await queue.take()).toHaveLength(4);
    expect(queue.length).toBe(1);
  });

  it("lets utterances pushed in one go share a batch, though a session was idle", async () => {
    const queue = queueOf([]);
    const batch = queue.take();
    queue.push(item(10));
    queue.push(item(11));
    expect(namesOf(await batch)).toEqual(["10", "11"]);
  });

  it("starves nobody: the oldest is in the next batch however odd its length", async () => {
    const queue = queueOf([99]);
    for (let round = 0; round < 5; round++) queue.push(item(1));
    expect(namesOf(await queue.take())).toEqual(["99"]);
  });

  it("gives back what was taken out", () => {
    const queue = queueOf([1, 2, 3]);
    expect(namesOf(queue.remove(({ length }) => length !== 2))).toEqual(["1", "3"]);
    expect(queue.length).toBe(1);
  });

  it("ends waiting takers when it is closed and returns what was left", async () => {
    const idle = queueOf([]);
    const taking = idle.take();
    idle.close();
    expect(await taking).toEqual([]);
    const full = queueOf([1, 2]);
    expect(full.close()).toHaveLength(2);
    expect(await full.take()).toEqual([]);
  });
});
