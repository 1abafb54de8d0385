import { type ColumnsBlock, decodeBlock, openColumn } from "@ratatosk/chunk";
import { type BlockRef, type Chunk, labelValue, RatatoskError } from "@ratatosk/model";
import { bucketStart, decodeSample, sampleBlock, type SampledLevel } from "@ratatosk/patterns";
import { LevelPatterns } from "./level-patterns.ts";
import { levelLabel, noLevel, type PatternSteps, stepOf } from "./pattern-steps.ts";

/** A block of which a sample is wanted, and for how many blocks it stands. */
interface Chosen {
  readonly block: BlockRef;
  readonly streamLevel: string | undefined;
  readonly weight: number;
}

interface Sample extends Chosen {
  readonly levels: readonly SampledLevel[];
}

const mostSlices = 48;
/** Of more blocks than these, those between are left out. */
const mostBlocks = 4096;
/** Small and old blocks tell no patterns: so many at most are read and mined, so many lines of each. */
const mostRead = 128;
const linesOfRead = 64;
const atOnce = 256;

/** What the blocks of some chunks tell of their patterns, put together: shares of the lines in each part of the range. */
export async function keptPatterns(
  chunks: readonly Chunk[],
  steps: PatternSteps,
  signal: AbortSignal,
): Promise<LevelPatterns> {
  const patterns = new LevelPatterns();
  const perSlice = Math.ceil(steps.count / mostSlices);
  for (let firstStep = 0; firstStep < steps.count; firstStep += perSlice)
    patterns.addSlice({ firstStep, endStep: Math.min(steps.count, firstStep + perSlice), complete: false });
  const silent: Chosen[] = [];
  for await (const { levels, ...chosen } of samples(await blocksWithin(chunks, steps, signal), keptSample, signal))
    if (levels === undefined) silent.push(chosen);
    else addSample({ ...chosen, levels }, patterns, steps, perSlice);
  for await (const { levels = [], ...chosen } of samples(evenly(silent, mostRead), minedSample, signal))
    addSample({ ...chosen, levels }, patterns, steps, perSlice);
  return patterns;
}

async function blocksWithin(
  chunks: readonly Chunk[],
  { start, end }: PatternSteps,
  signal: AbortSignal,
): Promise<Chosen[]> {
  const chosen: Chosen[] = [];
  for (let at = 0; at < chunks.length; at += atOnce)
    for (const [chunk, blocks] of await Promise.all(
      chunks.slice(at, at + atOnce).map(async (one) => [one, await readable(one.blocks(signal), [])] as const),
    )) {
      const streamLevel = labelValue(chunk.labels, levelLabel);
      for (const block of blocks)
        if (block.minTime < end && block.maxTime >= start) chosen.push({ block, streamLevel, weight: 1 });
    }
  return evenly(chosen, mostBlocks);
}

/** So many at most, as far apart as they can be; each stands for those left out. */
function evenly(all: readonly Chosen[], most: number): Chosen[] {
  const apart = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(all.length, most) }, (_, at) => all[Math.floor(at * apart)]!).map((one) => ({
    ...one,
    weight: one.weight * apart,
  }));
}

type Take = (block: BlockRef, signal: AbortSignal) => Promise<readonly SampledLevel[] | undefined>;

async function* samples(
  chosen: readonly Chosen[],
  take: Take,
  signal: AbortSignal,
): AsyncIterable<Chosen & { readonly levels: readonly SampledLevel[] | undefined }> {
  for (let at = 0; at < chosen.length; at += atOnce)
    yield* await Promise.all(
      chosen
        .slice(at, at + atOnce)
        .map(async (one) => ({ ...one, levels: await readable(take(one.block, signal), []) })),
    );
}

/** What is kept with the block; undefined for nothing. */
async function keptSample(block: BlockRef, signal: AbortSignal): Promise<SampledLevel[] | undefined> {
  const stored = (await block.fetch({ lines: false, metadata: [], patterns: true }, signal)) as ColumnsBlock;
  const column = stored.columns.find(({ kind }) => kind === "patterns");
  return column && decodeSample(openColumn(column), (why) => new RatatoskError("corrupt", `patterns: ${why}`));
}

/** The same from the block's lines. */
async function minedSample(block: BlockRef, signal: AbortSignal): Promise<SampledLevel[]> {
  const want = { lines: true, metadata: [levelLabel] };
  return sampleBlock(decodeBlock((await block.fetch(want, signal)) as ColumnsBlock, want), linesOfRead);
}

/** What is damaged or gone tells nothing: how many lines there are is counted elsewhere. */
async function readable<T>(read: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read;
  } catch (thrown) {
    const { code } = RatatoskError.from(thrown);
    if (code === "corrupt" || code === "not_found") return otherwise;
    throw thrown;
  }
}

function addSample(
  { levels, streamLevel, weight }: Sample,
  patterns: LevelPatterns,
  steps: PatternSteps,
  perSlice: number,
): void {
  for (const { level, lines, sampled, patterns: found } of levels)
    for (const { template, counts } of found)
      for (const [bucket, count] of counts) {
        const slice = Math.floor(stepOf(steps, bucketStart(bucket)) / perSlice);
        if (slice < 0 || slice * perSlice >= steps.count) continue;
        patterns.addPattern(streamLevel ?? (level || noLevel), template, slice, (weight * count * lines) / sampled);
      }
}
