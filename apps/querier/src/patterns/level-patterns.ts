import { type Pattern, PatternMiner } from "@ratatosk/patterns";

/** A pattern of one level's lines, with how many lines of it there are in each step. */
export interface LevelPattern {
  readonly level: string;
  readonly text: string;
  readonly total: number;
  /** Lines by number of the step. */
  readonly counts: ReadonlyMap<number, number>;
}

/** A part of the range: its steps, and whether all lines of it were mined or only some. */
export interface Slice {
  /** Numbers of its steps: [firstStep, endStep). */
  readonly firstStep: number;
  readonly endStep: number;
  readonly complete: boolean;
}

/** How many lines of a level there are in a step, mined or not. */
export type TrueCounts = (level: string, step: number) => number;

const longestLine = 4096;

/**
 * Mines each level's lines by themselves. In a slice of which all lines are mined their patterns are counted by step;
 * of the others they are shares, which the true counts of the steps turn into numbers of lines.
 */
export class LevelPatterns {
  readonly #miners = new Map<string, PatternMiner>();
  readonly #slices: Slice[] = [];

  /** Begins the slice to which the lines that follow belong. */
  beginSlice(slice: Slice): void {
    this.#slices.push(slice);
  }

  add(level: string, line: Uint8Array, step: number): void {
    let miner = this.#miners.get(level);
    if (miner === undefined) this.#miners.set(level, (miner = new PatternMiner()));
    const { complete } = this.#slices.at(-1)!;
    miner.add(textOf(line), complete ? step : -this.#slices.length);
  }

  /** The patterns, those of most lines first. */
  patterns(trueCounts: TrueCounts): LevelPattern[] {
    const all = [...this.#miners].flatMap(([level, miner]) => this.#ofLevel(level, miner.patterns(), trueCounts));
    return all.sort((a, b) => b.total - a.total || (a.text < b.text ? -1 : 1));
  }

  #ofLevel(level: string, patterns: readonly Pattern[], trueCounts: TrueCounts): LevelPattern[] {
    const mined = new Map<number, number>();
    for (const { counts } of patterns)
      for (const [bucket, count] of counts) mined.set(bucket, (mined.get(bucket) ?? 0) + count);
    return patterns.map(({ text, counts }) => {
      const bySteps = new Map<number, number>();
      for (const [bucket, count] of counts)
        if (bucket >= 0) bySteps.set(bucket, count);
        else this.#spread(level, -bucket - 1, count / mined.get(bucket)!, trueCounts, bySteps);
      return { level, text, counts: bySteps, total: bySteps.values().reduce((sum, count) => sum + count, 0) };
    });
  }

  #spread(level: string, slice: number, share: number, trueCounts: TrueCounts, bySteps: Map<number, number>): void {
    const { firstStep, endStep } = this.#slices[slice]!;
    for (let step = firstStep; step < endStep; step++) {
      const count = Math.round(trueCounts(level, step) * share);
      if (count > 0) bySteps.set(step, count);
    }
  }
}

function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, longestLine)).toString();
}
