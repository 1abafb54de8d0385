import { type HttpRequest, type HttpResponse, jsonResponse, type Route } from "@ratatosk/http";
import { type ReaderModules, readerOf } from "../reader.ts";
import { tenantLabel } from "../tenants-source.ts";
import { selectedRange } from "../selected-range.ts";
import { anySelectorOf } from "../selector-param.ts";

const alwaysShown = new Set(["cluster", "namespace", "instance", "pod"]);
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** `detected_labels`: the stream labels worth offering, and how many values each has. */
export function detectedLabelsRoute(modules: ReaderModules): Route {
  return {
    methods: ["GET", "POST"],
    path: "/loki/api/v1/detected_labels",
    tenant: "many",
    form: true,
    errors: "text",
    handle: (request) => detectedLabels(request, modules),
  };
}

async function detectedLabels(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const { source, tenant, limits } = readerOf(modules, request);
  const matchers = anySelectorOf(request.query.get("query") || "{}");
  const range = selectedRange(request.query, modules.now(), limits);
  if (range === undefined) return jsonResponse({});
  const values = new Map<string, Set<string>>();
  for (const labels of await source.series({ tenant, matchers, ...range }, request.signal))
    for (const [name, value] of labels)
      if (name !== tenantLabel) values.set(name, (values.get(name) ?? new Set()).add(value));
  const shown = [...values].filter(([name, own]) => alwaysShown.has(name) || isTelling([...own]));
  if (shown.length === 0) return jsonResponse({});
  return jsonResponse({ detectedLabels: shown.map(([label, own]) => ({ label, cardinality: own.size })) });
}

/** False for labels that only number things. */
function isTelling(values: readonly string[]): boolean {
  if (values.every((value) => value === "0" || value === "1")) return true;
  return !values.every((value) => uuid.test(value) || (value !== "" && Number.isFinite(Number(value))));
}
