import type { Labels } from "@ratatosk/model";
import type { HttpResponse } from "../route.ts";
import { JsonWriter } from "./json-writer.ts";
import { jsonType } from "./query-response.ts";

/** The answer to `labels` and `label/…/values`; `data` is left out where it is empty. */
export function namesResponse(names: readonly string[]): HttpResponse {
  return jsonResponse({ status: "success", ...(names.length > 0 && { data: names }) });
}

/** The answer to `series`. */
export function seriesResponse(series: readonly Labels[]): HttpResponse {
  const out = new JsonWriter().raw('{"status":"success","data":');
  out.list(series, (labels) => void out.strings(labels)).raw("}\n");
  return { status: 200, headers: jsonType, body: out.finish() };
}

/** Any value as JSON. */
export function jsonResponse(value: unknown, status = 200): HttpResponse {
  return { status, headers: jsonType, body: `${JSON.stringify(value)}\n` };
}
