import type { Clock, Slot, Slots, SlotsOptions } from "../jobs/ports/index.ts";

interface Held {
  member: string;
  /** Milliseconds since 1970. */
  until: number;
}

/** Of this process alone. */
export class MemorySlots implements Slots {
  readonly #options: SlotsOptions & { clock: Clock };
  readonly #groups = new Map<string, Set<Held>>();

  constructor(options: SlotsOptions & { clock: Clock }) {
    this.#options = options;
  }

  async take(group: string, member: string): Promise<Slot | null> {
    const { mostOfGroup, mostOfMember, seconds, clock } = this.#options;
    const now = clock.now();
    const held = this.#groups.get(group) ?? new Set();
    for (const slot of held) if (slot.until <= now) held.delete(slot);
    const ofMember = [...held].filter((slot) => slot.member === member).length;
    if (held.size >= mostOfGroup || ofMember >= mostOfMember) return null;
    const mine: Held = { member, until: now + seconds * 1000 };
    this.#groups.set(group, held.add(mine));
    return {
      release: async () => {
        held.delete(mine);
        if (held.size === 0 && this.#groups.get(group) === held) this.#groups.delete(group);
      },
    };
  }
}
