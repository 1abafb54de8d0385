import { type HttpRequest, type HttpResponse, jsonResponse, type Route, type TimeBounds } from "@ratatosk/http";
import { printSelector } from "@ratatosk/logql";
import type { LevelPattern } from "../patterns/level-patterns.ts";
import { minePatterns, type MiningOptions } from "../patterns/mine-patterns.ts";
import { checkSelector } from "../query-limits.ts";
import { type ReaderModules, readerOf } from "../reader.ts";
import { selectedRange } from "../selected-range.ts";
import { selectorOf } from "../selector-param.ts";
import { stepParam } from "../steps.ts";

const smallestStepMs = 10_000;
const fewestLines = 30;
const mostPatterns = 300;

/** `patterns`: what the lines of a selection have in common, with counts by level and step. */
export function patternsRoute(modules: ReaderModules): Route {
  return {
    methods: ["GET", "POST"],
    path: "/loki/api/v1/patterns",
    tenant: "many",
    form: true,
    errors: "text",
    handle: (request) => patterns(request, modules),
  };
}

async function patterns(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const matchers = selectorOf(request.query.get("query") ?? "");
  const { limits, terms } = readerOf(modules, request);
  checkSelector({ matchers }, limits);
  const range = selectedRange(request.query, modules.now(), limits);
  if (range === undefined) return patternsResponse([], undefined);
  const stepMs = Math.max(smallestStepMs, stepParam(request.query, range));
  const options = { selector: printSelector(matchers), ...range, ...stepsWithin(range, stepMs) };
  const found = await minePatterns(options, modules.engine, terms);
  return patternsResponse(found.filter(({ total }) => total >= fewestLines).slice(0, mostPatterns), options);
}

/** Whole steps since 1970 that cover the range. */
function stepsWithin(
  { start, end }: TimeBounds,
  stepMs: number,
): Pick<MiningOptions, "stepMs" | "firstStep" | "steps"> {
  const step = BigInt(stepMs) * 1_000_000n;
  const firstStep = start - (((start % step) + step) % step);
  return { stepMs, firstStep, steps: Number((end - firstStep + step - 1n) / step) };
}

function patternsResponse(found: readonly LevelPattern[], options: MiningOptions | undefined): HttpResponse {
  const secondsOf = (step: number): number =>
    Number(options!.firstStep / 1_000_000n + BigInt(step) * BigInt(options!.stepMs)) / 1000;
  const data = found.map(({ text, level, counts }) => ({
    pattern: text,
    level,
    samples: [...counts].sort(([a], [b]) => a - b).map(([step, count]) => [secondsOf(step), count]),
  }));
  return jsonResponse({ status: "success", data });
}
