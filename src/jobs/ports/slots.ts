/** Held until it is released, or until its time is over: its holder may have died. */
export interface Slot {
  release(): Promise<void>;
}

/** Places that are taken while something is done, so many of a group at once and so many of each of its members, over all processes. */
export interface Slots {
  /** Null where there is none: at once, without waiting for one. */
  take(group: string, member: string): Promise<Slot | null>;
}

export interface SlotsOptions {
  mostOfGroup: number;
  mostOfMember: number;
  /** After so many a slot is free again by itself. */
  seconds: number;
}
