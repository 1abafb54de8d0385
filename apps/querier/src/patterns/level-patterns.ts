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

/** Held of each level: more than are told, as those of many streams come one stream after the other. */
const mostPatterns = 2000;

/** How many lines of a level there are in a step, mined or not. */
export type TrueCounts = (level: string, step: number) => number;

/**
 * Mines each level's lines by themselves. In a slice of which all lines are mined their patterns are counted by step;
 * of the others they are shares, which the true counts of the steps turn into numbers of lines.
 */
export class LevelPatterns {
  readonly #miners = new Map<string, PatternMiner>();
  readonly #slices: Slice[] = [];

  /** Adds a slice and returns its number. */
  addSlice(slice: Slice): number {
    return this.#slices.push(slice) - 1;
  }

  /** A line of a slice. */
  add(level: string, line: string, slice: number, step: number): void {
    this.#miner(level).add(line, this.#slices[slice]!.complete ? step : bucketOf(slice));
  }

  /** So many lines of a slice that is not complete, of a pattern that was found elsewhere. */
  addPattern(level: string, template: string, slice: number, lines: number): void {
    this.#miner(level).addPattern(template, bucketOf(slice), lines);
  }

  /** The patterns, those of most lines first. */
  patterns(trueCounts: TrueCounts): LevelPattern[] {
    const all = [...this.#miners].flatMap(([level, miner]) => this.#ofLevel(level, miner.patterns(), trueCounts));
    return all.filter(({ total }) => total > 0).sort((a, b) => b.total - a.total || (a.text < b.text ? -1 : 1));
  }

  #miner(level: string): PatternMiner {
    let miner = this.#miners.get(level);
    if (miner === undefined) this.#miners.set(level, (miner = new PatternMiner({ mostPatterns })));
    return miner;
  }

  #ofLevel(level: string, patterns: readonly Pattern[], trueCounts: TrueCounts): LevelPattern[] {
    const mined = this.#slices.map(() => 0);
    for (const { counts } of patterns)
      for (const [bucket, count] of counts) if (bucket < 0) mined[bucketOf(bucket)]! += count;
    const examples = this.#slices.map(({ complete }, slice) => (complete ? -1 : nearest(mined, slice)));
    return patterns.map(({ text, counts }) => {
      const bySteps = new Map([...counts].filter(([bucket]) => bucket >= 0));
      for (const [slice, example] of examples.entries()) {
        const count = counts.get(bucketOf(example));
        if (example >= 0 && count !== undefined)
          this.#spread(slice, count / mined[example]!, (step) => trueCounts(level, step), bySteps);
      }
      return { level, text, counts: bySteps, total: bySteps.values().reduce((sum, count) => sum + count, 0) };
    });
  }

  /** A share of the lines in each step, in whole lines whose sum is right. */
  #spread(slice: number, share: number, trueCount: (step: number) => number, bySteps: Map<number, number>): void {
    const { firstStep, endStep } = this.#slices[slice]!;
    let [due, given] = [0, 0];
    for (let step = firstStep; step < endStep; step++) {
      due += trueCount(step) * share;
      const count = Math.round(due) - given;
      given += count;
      if (count > 0) bySteps.set(step, count);
    }
  }
}

/** Slices are buckets below 0 to the miners, as steps are from there. Turns either into the other. */
const bucketOf = (slice: number): number => -slice - 1;

/** The slice closest to this one of which something was mined; -1 where nothing was. */
function nearest(mined: readonly number[], slice: number): number {
  for (let away = 0; away < mined.length; away++)
    for (const at of [slice - away, slice + away]) if ((mined[at] ?? 0) > 0) return at;
  return -1;
}
