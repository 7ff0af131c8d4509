/**
 * A hash map from two non-negative integers to a third, in flat arrays: open addressing, linear probing, no
 * deletion. The beam asks it millions of times a second, where string or object keys would cost more than the search.
 */

const INITIAL_CAPACITY = 1024;
/** A map that grew past this gives its memory back when cleared. */
const KEPT_CAPACITY = 1 << 18;

export class PairMap {
  private first = new Int32Array(INITIAL_CAPACITY); // [capacity]
  private second = new Int32Array(INITIAL_CAPACITY); // [capacity]
  private values = new Int32Array(INITIAL_CAPACITY).fill(-1); // [capacity], −1 where free
  private mask = INITIAL_CAPACITY - 1;
  private size = 0;

  /** The value stored for the pair, or −1. */
  get(a: number, b: number): number {
    return this.values[this.slotOf(a, b)];
  }

  /** Store a value ≥ 0 for the pair. */
  set(a: number, b: number, value: number): void {
    let slot = this.slotOf(a, b);
    if (this.values[slot] < 0) {
      if (2 * (this.size + 1) > this.mask) {
        this.grow();
        slot = this.slotOf(a, b);
      }
      this.size++;
      this.first[slot] = a;
      this.second[slot] = b;
    }
    this.values[slot] = value;
  }

  clear(): void {
    if (this.mask >= KEPT_CAPACITY) this.allocate(INITIAL_CAPACITY);
    else if (this.size > 0) this.values.fill(-1);
    this.size = 0;
  }

  /** The pair's slot, or the free one where it would go. */
  private slotOf(a: number, b: number): number {
    const { first, second, values, mask } = this;
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (values[slot] >= 0 && (first[slot] !== a || second[slot] !== b)) slot = (slot + 1) & mask;
    return slot;
  }

  private allocate(capacity: number): void {
    this.first = new Int32Array(capacity);
    this.second = new Int32Array(capacity);
    this.values = new Int32Array(capacity).fill(-1);
    this.mask = capacity - 1;
  }

  private grow(): void {
    const { first, second, values } = this;
    this.allocate(2 * values.length);
    for (let old = 0; old < values.length; old++) {
      if (values[old] < 0) continue;
      const slot = this.slotOf(first[old], second[old]);
      this.first[slot] = first[old];
      this.second[slot] = second[old];
      this.values[slot] = values[old];
    }
  }
}
