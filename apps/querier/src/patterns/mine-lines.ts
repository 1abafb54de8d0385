import type { QueryEngine, QueryTerms } from "@ratatosk/engine";
import type { LogExpr } from "@ratatosk/logql";
import type { ResultEntry, StreamsResult } from "@ratatosk/model";
import { minedText } from "@ratatosk/patterns";
import { LevelPatterns } from "./level-patterns.ts";
import { levelLabel, noLevel, type PatternSteps, stepOf, stepTime, within } from "./pattern-steps.ts";

/** The range is cut into so many parts, and so many lines of each are mined. */
const mostSlices = 24;
const linesPerSlice = 800;

/** So many lines are all mined, unless many of them lie close together. */
export const fewLines = mostSlices * linesPerSlice;

/** Mines lines themselves: all of them where they are few, otherwise of each part of the range the newest. */
export async function mineLines(
  expr: LogExpr,
  steps: PatternSteps,
  engine: QueryEngine,
  terms: QueryTerms,
): Promise<LevelPatterns> {
  const patterns = new LevelPatterns();
  const perSlice = Math.ceil(steps.count / mostSlices);
  for (let firstStep = 0; firstStep < steps.count; firstStep += perSlice) {
    const endStep = Math.min(steps.count, firstStep + perSlice);
    const range = within(steps, stepTime(steps, firstStep), stepTime(steps, endStep));
    const query = { expr, ...range, limit: linesPerSlice, forward: false, intervalNs: 0n, categorized: true };
    const { result } = await engine.lines(query, terms);
    const slice = patterns.addSlice({ firstStep, endStep, complete: entriesIn(result) < linesPerSlice });
    for (const { labels, entries } of result.streams) {
      const ofStream = labels.find(([name]) => name === levelLabel)?.[1];
      for (const entry of entries)
        patterns.add(ofStream ?? levelOf(entry), minedText(entry.line), slice, stepOf(steps, entry.time));
    }
  }
  return patterns;
}

const entriesIn = ({ streams }: StreamsResult): number => streams.reduce((sum, { entries }) => sum + entries.length, 0);

const levelOf = ({ categories }: ResultEntry): string =>
  categories?.structuredMetadata.find(([name]) => name === levelLabel)?.[1] ?? noLevel;
