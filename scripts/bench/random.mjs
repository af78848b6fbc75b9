/**
 * Numbers that look random and are the same in every run (mulberry32, 32 bits of state: plenty for choosing among manifests).
 * @param {number} seed an integer
 */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  /** An integer from `from` to `to`, both included. */
  const integer = (from, to) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    integer,
    /** One of a list that is not empty. */
    pick: (list) => list[integer(0, list.length - 1)],
    /** True once in so many times. */
    oneIn: (times) => next() * times < 1,
  };
}
