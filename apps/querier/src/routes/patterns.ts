import { type HttpRequest, type HttpResponse, jsonResponse, type Route } from "@ratatosk/http";
import { printSelector } from "@ratatosk/logql";
import { findPatterns } from "../patterns/find-patterns.ts";
import type { LevelPattern } from "../patterns/level-patterns.ts";
import { type PatternSteps, patternSteps, stepTime } from "../patterns/pattern-steps.ts";
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
  const { limits, source, terms } = readerOf(modules, request);
  checkSelector({ matchers }, limits);
  const range = selectedRange(request.query, modules.now(), limits);
  if (range === undefined) return patternsResponse([], undefined);
  const stepMs = Math.max(smallestStepMs, stepParam(request.query, range));
  const steps = patternSteps(range, stepMs);
  const found = await findPatterns(printSelector(matchers), steps, { engine: modules.engine, source, terms });
  return patternsResponse(found.filter(({ total }) => total >= fewestLines).slice(0, mostPatterns), steps);
}

function patternsResponse(found: readonly LevelPattern[], steps: PatternSteps | undefined): HttpResponse {
  const secondsOf = (step: number): number => Number(stepTime(steps!, step) / 1_000_000n) / 1000;
  const data = found.map(({ text, level, counts }) => ({
    pattern: text,
    level,
    samples: [...counts].sort(([a], [b]) => a - b).map(([step, count]) => [secondsOf(step), count]),
  }));
  return jsonResponse({ status: "success", data });
}
