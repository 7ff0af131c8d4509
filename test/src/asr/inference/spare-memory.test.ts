import { describe, expect, it } from "vitest";
import { SpareMemory } from "../../../../src/asr/inference/spare-memory.ts";

describe("memory from one batch to the next", () => {
  it("is the same as long as it suffices", () => {
    const spare = new SpareMemory();
    const first = spare.take(100);
    spare.put(first);
    const second = spare.take(60);
    expect([second.buffer === first.buffer, second.length]).toEqual([true, 60]);
    spare.put(second);
    expect(spare.take(100).buffer).toBe(first.buffer);
  });

  it("belongs to one at a time, and the larger of two is kept", () => {
    const spare = new SpareMemory();
    const [small, large] = [spare.take(10), spare.take(20)];
    expect(small.buffer).not.toBe(large.buffer);
    for (const taken of [large, small]) spare.put(taken);
    expect(spare.take(20).buffer).toBe(large.buffer);
    // The other is given back to the system at once.
    expect([small.length, large.length]).toEqual([0, 20]);
  });

  it("gives way to more", () => {
    const spare = new SpareMemory();
    const small = spare.take(10);
    spare.put(small);
    expect(spare.take(30)).toHaveLength(30);
    expect(small).toHaveLength(0);
  });
});
