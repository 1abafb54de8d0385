import type { IncomingHttpHeaders } from "node:http";

/** The key=value pairs of `X-Query-Tags`; odd characters become `_`. */
export function queryTags(headers: IncomingHttpHeaders): Record<string, string> {
  const header = headers["x-query-tags"];
  const text = (typeof header === "string" ? header : (header ?? []).join(",")).replaceAll(/[^A-Za-z0-9\-=.@, ]/g, "_");
  const pairs = text.split(",").map((pair) => pair.trim().split("="));
  return Object.fromEntries(pairs.filter((pair) => pair.length === 2) as [string, string][]);
}

/** Whether the request comes from Grafana's Logs Drilldown, which copes with partial answers. */
export function isFromDrilldown(headers: IncomingHttpHeaders): boolean {
  return Object.entries(queryTags(headers)).some(
    ([name, value]) => name.toLowerCase() === "source" && value.toLowerCase() === "grafana-lokiexplore-app",
  );
}
