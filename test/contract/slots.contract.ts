import { beforeEach, describe, expect, test } from "vitest";
import type { Slots, SlotsOptions } from "../../src/jobs/ports/index.ts";

export interface SlotsUnderTest {
  slots: Slots;
  advance(seconds: number): void;
}

/** What every adapter of Slots must do. */
export function describeSlots(name: string, make: (options: SlotsOptions) => Promise<SlotsUnderTest>): void {
  describe(`${name} as slots`, () => {
    let slots: Slots;
    let advance: (seconds: number) => void;
    beforeEach(async () => {
      ({ slots, advance } = await make({ mostOfGroup: 3, mostOfMember: 2, seconds: 60 }));
    });

    test("are so many of each member, and so many of a group", async () => {
      expect(await slots.take("ann", "a")).not.toBeNull();
      expect(await slots.take("ann", "a")).not.toBeNull();
      expect(await slots.take("ann", "a")).toBeNull();
      expect(await slots.take("ann", "b")).not.toBeNull();
      expect(await slots.take("ann", "c")).toBeNull();
      expect(await slots.take("bob", "a")).not.toBeNull();
    });

    test("are taken again once they are released, which may be done twice", async () => {
      const held = await Promise.all([slots.take("ann", "a"), slots.take("ann", "a")]);
      await held[0]?.release();
      await held[0]?.release();
      expect(await slots.take("ann", "a")).not.toBeNull();
      expect(await slots.take("ann", "a")).toBeNull();
    });

    test("are taken by no more than there may be of many who try at once", async () => {
      const taken = await Promise.all(Array.from({ length: 10 }, () => slots.take("ann", "a")));
      expect(taken.filter((slot) => slot !== null)).toHaveLength(2);
    });

    test("are free again when their time is over, and not given up by their old holder", async () => {
      const old = await Promise.all([slots.take("ann", "a"), slots.take("ann", "a")]);
      advance(60);
      expect(await slots.take("ann", "a")).not.toBeNull();
      expect(await slots.take("ann", "a")).not.toBeNull();
      for (const slot of old) await slot?.release();
      expect(await slots.take("ann", "a")).toBeNull();
    });

    test("have members and groups of any name", async () => {
      for (const member of ["[::1]:80", "a#b", "ü".repeat(500)])
        expect(await slots.take(`of ${member}`, member)).not.toBeNull();
    });
  });
}
