/** Repeatable chance: the same seeds give the same choices on every machine. */
export class Random {
  private state = 0x9e3779b9;

  constructor(...seeds: readonly number[]) {
    for (const seed of seeds) {
      this.state = Math.imul(this.state ^ seed, 0x85ebca6b) >>> 0;
      this.next();
    }
  }

  /** An integer from 0 up to `limit`, which is left out; 0 when the limit is 1 or less. */
  below(limit: number): number {
    return limit <= 1 ? 0 : Math.floor((this.next() / 2 ** 32) * limit);
  }

  /** An integer between two, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** @param list must not be empty */
  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** 32 bits of the mulberry32 generator. */
  private next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
