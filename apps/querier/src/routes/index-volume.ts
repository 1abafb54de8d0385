import { type HttpRequest, type HttpResponse, queryResponse, type Route, type TimeBounds } from "@ratatosk/http";
import {
  type Chunk,
  compareLabels,
  emptyStats,
  type Labels,
  type Matcher,
  type QueryResult,
  RatatoskError,
  shareWithin,
} from "@ratatosk/model";
import { type ReaderModules, readerOf } from "../reader.ts";
import { selectedRange } from "../selected-range.ts";
import { stepParam } from "../steps.ts";
import { Volumes } from "../volumes.ts";
import { anySelectorOf } from "../selector-param.ts";

const defaultLimit = 100;

/** `index/volume` and `index/volume_range`: bytes by labels, from the index alone. */
export function indexVolumeRoutes(modules: ReaderModules): Route[] {
  return [
    { ...common, path: "/loki/api/v1/index/volume", handle: (request) => volume(request, modules, false) },
    { ...common, path: "/loki/api/v1/index/volume_range", handle: (request) => volume(request, modules, true) },
  ];
}

const common = { methods: ["GET", "POST"], tenant: "many", form: true, errors: "text" } as const;

interface VolumeParams {
  readonly matchers: readonly Matcher[];
  readonly targets: readonly string[];
  readonly byName: boolean;
  readonly limit: number;
}

async function volume(request: HttpRequest, modules: ReaderModules, ranged: boolean): Promise<HttpResponse> {
  const { source, tenant, limits } = readerOf(modules, request);
  if (!limits.volume_enabled) throw new RatatoskError("not_found", "not found");
  const params = volumeParams(request.query);
  const range = selectedRange(request.query, modules.now(), limits);
  const buckets = range === undefined ? [] : ranged ? bucketsOf(range, stepParam(request.query, range)) : [range];
  const volumes = new Volumes(buckets.length, limits.volume_max_series);
  const chunks =
    range === undefined
      ? []
      : (await source.select({ tenant, matchers: params.matchers, ...range }, request.signal)).chunks;
  for (const chunk of chunks) addChunk(volumes, chunk, buckets, params);
  const result = resultOf(volumes, buckets, params.limit);
  return queryResponse({ result, stats: { ...emptyStats(), chunksMatched: chunks.length }, warnings: [] });
}

function volumeParams(query: URLSearchParams): VolumeParams {
  const named = anySelectorOf(query.get("query") ?? "");
  const targets = (query.get("targetLabels") ?? "").split(",").filter((name) => name !== "");
  const aggregateBy = query.get("aggregateBy") || "series";
  if (aggregateBy !== "series" && aggregateBy !== "labels")
    throw new RatatoskError("bad_request", "invalid aggregation option");
  const missing = targets.filter((name) => !named.some((matcher) => matcher.name === name));
  return {
    // Streams that lack a target label are left out.
    matchers: [...named, ...missing.map((name) => ({ name, op: "=~", value: ".+" }) as const)],
    targets: targets.length > 0 ? targets : [...new Set(named.map(({ name }) => name))],
    byName: aggregateBy === "labels",
    limit: limitParam(query),
  };
}

function limitParam(query: URLSearchParams): number {
  const limit = Number(query.get("limit") || defaultLimit);
  if (!Number.isInteger(limit) || limit < 0) throw new RatatoskError("bad_request", "limit must be a positive value");
  return limit === 0 ? defaultLimit : limit;
}

function bucketsOf({ start, end }: TimeBounds, stepMs: number): TimeBounds[] {
  const step = BigInt(stepMs) * 1_000_000n;
  const buckets: TimeBounds[] = [];
  for (let from = start - (((start % step) + step) % step); from < end; from += step)
    buckets.push({ start: from > start ? from : start, end: from + step < end ? from + step : end });
  return buckets;
}

function addChunk(volumes: Volumes, chunk: Chunk, buckets: readonly TimeBounds[], params: VolumeParams): void {
  for (const key of keysOf(chunk.labels, params))
    for (const [i, bucket] of buckets.entries()) {
      const share = shareWithin(chunk, bucket);
      if (share > 0) volumes.add(key, i, chunk.bytes * share);
    }
}

function keysOf(labels: Labels, { targets, byName }: VolumeParams): Labels[] {
  if (byName) return labels.map(([name]) => [[name, ""]]);
  return [targets.length === 0 ? labels : labels.filter(([name]) => targets.includes(name))];
}

/** Largest first. Only where a series has several points the answer is a matrix. */
function resultOf(volumes: Volumes, buckets: readonly TimeBounds[], limit: number): QueryResult {
  const largest = volumes
    .series()
    .sort((a, b) => b.total - a.total || compareLabels(a.labels, b.labels))
    .slice(0, limit);
  const lastMs = Number((buckets.at(-1)?.end ?? 0n) / 1_000_000n);
  if (!largest.some(({ points }) => points.length > 1))
    return { type: "vector", time: lastMs, samples: largest.map(({ labels, total }) => ({ labels, value: total })) };
  const stamp = (i: number): number => Number(buckets[i]!.end / 1_000_000n) - (i === buckets.length - 1 ? 0 : 1);
  return {
    type: "matrix",
    series: largest.map(({ labels, points }) => ({
      labels,
      times: Float64Array.from(points, ({ bucket }) => stamp(bucket)),
      values: Float64Array.from(points, ({ bytes }) => bytes),
    })),
  };
}
