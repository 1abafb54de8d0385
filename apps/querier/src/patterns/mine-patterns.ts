import type { QueryEngine, QueryTerms } from "@ratatosk/engine";
import type { TimeBounds } from "@ratatosk/http";
import { parse } from "@ratatosk/logql";
import type { MatrixResult, ResultEntry, StreamsResult } from "@ratatosk/model";
import { LevelPatterns, type LevelPattern, type TrueCounts } from "./level-patterns.ts";

export interface MiningOptions extends TimeBounds {
  /** The selector, as text. */
  readonly selector: string;
  readonly stepMs: number;
  /** Start and number of the steps that cover the range. */
  readonly firstStep: bigint;
  readonly steps: number;
}

/** The range is cut into so many parts, and so many lines of each are mined. */
const mostSlices = 24;
const linesPerSlice = 800;
const levelLabel = "detected_level";
const noLevel = "unknown";

/** Finds the patterns of a selection's lines by a sample spread evenly over the range. */
export async function minePatterns(
  options: MiningOptions,
  engine: QueryEngine,
  terms: QueryTerms,
): Promise<LevelPattern[]> {
  const expr = parse(options.selector);
  if (expr.kind !== "log") return [];
  const patterns = new LevelPatterns();
  const perSlice = Math.ceil(options.steps / mostSlices);
  for (let firstStep = 0; firstStep < options.steps; firstStep += perSlice) {
    const endStep = Math.min(options.steps, firstStep + perSlice);
    const slice = within(options, stepTime(options, firstStep), stepTime(options, endStep));
    const query = { expr, ...slice, limit: linesPerSlice, forward: false, intervalNs: 0n, categorized: true };
    const { result } = await engine.lines(query, terms);
    const complete = entriesIn(result) < linesPerSlice;
    patterns.beginSlice({ firstStep, endStep, complete });
    for (const { labels, entries } of result.streams) {
      const ofStream = labels.find(([name]) => name === levelLabel)?.[1];
      for (const entry of entries) patterns.add(ofStream ?? levelOf(entry), entry.line, stepOf(options, entry.time));
    }
  }
  return patterns.patterns(await trueCounts(options, engine, terms));
}

const stepTime = ({ firstStep, stepMs }: MiningOptions, step: number): bigint =>
  firstStep + BigInt(step) * BigInt(stepMs) * 1_000_000n;

const stepOf = ({ firstStep, stepMs }: MiningOptions, time: bigint): number =>
  Number((time - firstStep) / (BigInt(stepMs) * 1_000_000n));

function within({ start, end }: TimeBounds, from: bigint, to: bigint): TimeBounds {
  return { start: from > start ? from : start, end: to < end ? to : end };
}

const entriesIn = ({ streams }: StreamsResult): number => streams.reduce((sum, { entries }) => sum + entries.length, 0);

const levelOf = ({ categories }: ResultEntry): string =>
  categories?.structuredMetadata.find(([name]) => name === levelLabel)?.[1] ?? noLevel;

/** Counts all lines by level and step; only their times and levels are read. */
async function trueCounts(options: MiningOptions, engine: QueryEngine, terms: QueryTerms): Promise<TrueCounts> {
  const { selector, stepMs, steps } = options;
  const expr = parse(`sum by (${levelLabel}) (count_over_time(${selector} [${stepMs}ms]))`);
  if (expr.kind === "log") return () => 0;
  // The window of an evaluation ends with its time, a step ends just before the next.
  const start = stepTime(options, 1) - 1n;
  const { result } = await engine.range(expr, { start, step: stepMs, count: steps }, { ...terms, maxSeries: 0 });
  const startMs = Number(start / 1_000_000n);
  const byLevel = new Map<string, Float64Array>();
  for (const { labels, times, values } of (result as MatrixResult).series) {
    const counts = new Float64Array(steps);
    for (const [i, time] of times.entries()) counts[Math.round((time - startMs) / stepMs)] = values[i]!;
    byLevel.set(labels[0]?.[1] ?? noLevel, counts);
  }
  return (level, step) => byLevel.get(level)?.[step] ?? 0;
}
