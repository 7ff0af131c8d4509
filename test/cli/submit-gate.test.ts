import { describe, expect, it } from "vitest";
import { Gate } from "../../cli/submit/gate.ts";

describe("the gate of uploads", () => {
  it("lets so many in at once, the others in the order in which they came", async () => {
    const gate = new Gate(2);
    const [entered, leave]: [number[], (() => void)[]] = [[], []];
    const all = Array.from({ length: 5 }, (_, i) =>
      gate.through(() => {
        entered.push(i);
        return new Promise<void>((resolve) => leave.push(resolve));
      }),
    );
    await expect.poll(() => entered).toEqual([0, 1]);
    leave[1]();
    await all[1];
    await expect.poll(() => entered).toEqual([0, 1, 2]);
    leave[0]();
    leave[2]();
    await expect.poll(() => entered).toEqual([0, 1, 2, 3, 4]);
    leave[3]();
    leave[4]();
    await Promise.all(all);
  });

  it("once closed, lets nobody in, not even those who wait", async () => {
    const gate = new Gate(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const inside = gate.through(() => promise);
    const waiting = gate.through(async () => "in");
    gate.close(new Error("over"));
    resolve();
    await inside;
    await expect(waiting).rejects.toThrow("over");
    await expect(gate.through(async () => "in")).rejects.toThrow("over");
  });

  it("gives the place of one that fails to the next", async () => {
    const gate = new Gate(1);
    const failing = gate.through(() => Promise.reject(new Error("no")));
    const next = gate.through(async () => "in");
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("in");
  });
});
