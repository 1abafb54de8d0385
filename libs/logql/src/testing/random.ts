/** A source of chance with a few conveniences. */
export interface Random {
  /** From 0 to below `limit`, whole. */
  below(limit: number): number;
  /** True in one case out of `cases`. */
  oneIn(cases: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** From `min` to `max` items, each made anew. */
  many<T>(min: number, max: number, make: () => T): T[];
}

/** The same seed gives the same sequence (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    oneIn: (cases) => below(cases) === 0,
    pick: (from) => from[below(from.length)]!,
    many: (min, max, make) => Array.from({ length: min + below(max - min + 1) }, make),
  };
}
