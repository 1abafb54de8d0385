import type { QueryEngine, QueryTerms } from "@ratatosk/engine";
import { parseLogQuery } from "@ratatosk/logql";
import { type ChunkSource, shareWithin } from "@ratatosk/model";
import { keptPatterns } from "./kept-patterns.ts";
import type { LevelPattern, LevelPatterns } from "./level-patterns.ts";
import { fewLines, mineLines } from "./mine-lines.ts";
import type { PatternSteps } from "./pattern-steps.ts";
import { countLines } from "./true-counts.ts";

export interface PatternModules {
  readonly engine: QueryEngine;
  readonly source: ChunkSource;
  readonly terms: QueryTerms;
}

/** The patterns of a selection's lines, those of most lines first. */
export async function findPatterns(
  selector: string,
  steps: PatternSteps,
  modules: PatternModules,
): Promise<LevelPattern[]> {
  const { engine, terms } = modules;
  // First, as it refuses what is too much.
  const counts = await countLines(selector, steps, engine, terms);
  return (await minedPatterns(selector, steps, modules)).patterns(counts);
}

/**
 * Few lines are mined themselves, and so are those of which some are not to be seen or whose number is not known; of
 * many, what was mined when they came in is put together.
 */
async function minedPatterns(
  selector: string,
  steps: PatternSteps,
  { engine, source, terms }: PatternModules,
): Promise<LevelPatterns> {
  const expr = parseLogQuery(selector);
  const selection = { tenant: terms.tenant, matchers: expr.matchers, start: steps.start, end: steps.end };
  const done = new AbortController();
  const signal = AbortSignal.any([terms.signal, done.signal]);
  try {
    const { chunks } = await source.select(selection, signal);
    const lines = chunks.reduce((sum, chunk) => sum + chunk.entries * shareWithin(chunk, steps), 0);
    if (lines > fewLines && !chunks.some(({ estimated }) => estimated))
      return await keptPatterns(chunks, steps, signal);
  } finally {
    done.abort();
  }
  return mineLines(expr, steps, engine, terms);
}
