import { type HttpRequest, type HttpResponse, jsonResponse, positiveParam, type Route } from "@ratatosk/http";
import { parse } from "@ratatosk/logql";
import { RatatoskError, type StreamsResult } from "@ratatosk/model";
import { type DetectedField, detectFields } from "../detect/fields.ts";
import { checkEntriesLimit, checkQuery } from "../query-limits.ts";
import { type ReaderModules, readerOf } from "../reader.ts";
import { selectedRange } from "../selected-range.ts";

const common = { methods: ["GET", "POST"], tenant: "many", form: true, errors: "text" } as const;

/** `detected_fields` and `detected_field/:name/values`: what the newest lines of a query are made of. */
export function detectedFieldsRoutes(modules: ReaderModules): Route[] {
  return [
    { ...common, path: "/loki/api/v1/detected_fields", handle: (request) => detectedFields(request, modules) },
    {
      ...common,
      path: "/loki/api/v1/detected_field/:name/values",
      handle: (request) => detectedValues(request, modules),
    },
  ];
}

async function detectedFields(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const limit = limitOf(request.query);
  const fields = (await sampledFields(request, modules)).slice(0, limit);
  return jsonResponse(fields.length === 0 ? {} : { fields: fields.map(fieldJson), limit });
}

function fieldJson({ label, type, counter, parsers, jsonPath }: DetectedField): unknown {
  return {
    label,
    type,
    cardinality: counter.estimate(),
    parsers: parsers.size === 0 ? null : [...parsers],
    ...(jsonPath && { jsonPath }),
  };
}

async function detectedValues(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const limit = limitOf(request.query);
  const fields = await sampledFields(request, modules);
  const field = fields.find(({ label }) => label === request.variables["name"]);
  return jsonResponse(field === undefined ? {} : { values: [...field.values].slice(0, limit), limit });
}

function limitOf(query: URLSearchParams): number {
  return positiveParam(query, query.has("field_limit") ? "field_limit" : "limit", 1000);
}

/** The fields of the newest lines of the query. */
async function sampledFields(request: HttpRequest, modules: ReaderModules): Promise<DetectedField[]> {
  const expr = parse(request.query.get("query") ?? "");
  if (expr.kind !== "log") throw new RatatoskError("bad_request", "only log queries are supported");
  const { limits, terms } = readerOf(modules, request);
  const lines = positiveParam(request.query, "line_limit", 100);
  checkEntriesLimit(lines, limits);
  checkQuery(expr, limits);
  const range = selectedRange(request.query, modules.now(), limits);
  if (range === undefined) return [];
  const query = { expr, ...range, limit: lines, forward: false, intervalNs: 0n, categorized: true };
  const { result }: { result: StreamsResult } = await modules.engine.lines(query, terms);
  return detectFields(result.streams, expr.stages);
}
