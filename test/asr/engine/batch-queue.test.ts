import { describe, expect, it } from "vitest";
import { BatchQueue } from "../../../src/asr/engine/batch-queue.ts";

const limits = { maxSamples: 100, maxUtterances: 4 };
const item = (length: number, name = String(length)) => ({ length, name });
const namesOf = (batch: { name: string }[]) => batch.map(({ name }) => name);

function queueOf(lengths: number[], most = limits) {
  const queue = new BatchQueue<ReturnType<typeof item>>(most);
  for (const length of lengths) queue.push(item(length));
  return queue;
}

describe("the batch queue", () => {
  it("puts the one that waited longest with those nearest to it in length", async () => {
    const queue = queueOf([20, 90, 21, 5, 19]);
    expect(namesOf(await queue.take())).toEqual(["20", "21", "19", "5"]);
    expect(namesOf(await queue.take())).toEqual(["90"]);
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
