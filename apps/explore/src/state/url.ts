import type { RangeText } from "../time/range.ts";
import type { Zone } from "../time/nanos.ts";

export const views = ["logs", "services", "operate"] as const;
export type View = (typeof views)[number];
export type ChartKind = "line" | "bar" | "stacked";
export type Panel = "none" | "fields" | "patterns";

/** All that the page shows, as its address holds it. */
export interface PageState {
  readonly view: View;
  readonly query: string;
  readonly range: RangeText;
  readonly limit: number;
  readonly zone: Zone;
  readonly wrap: boolean;
  readonly pretty: boolean;
  readonly instant: boolean;
  readonly chart: ChartKind;
  readonly panel: Panel;
  readonly mark: string;
  /** The label that services are told apart by. */
  readonly by: string;
  /** The moment of the line that the address leads to, in nanoseconds. */
  readonly at: string;
  /** Another server than the one that serves the page; empty for that one. */
  readonly server: string;
  readonly tenant: string;
}

export const initialState: PageState = {
  view: "logs",
  query: "",
  range: { from: "now-1h", to: "now" },
  limit: 1000,
  zone: "local",
  wrap: false,
  pretty: false,
  instant: false,
  chart: "line",
  panel: "none",
  mark: "",
  by: "service_name",
  at: "",
  server: "",
  tenant: "",
};

export const limits = [100, 1000, 5000, 20_000, 100_000];

/** The state that an address means; what it does not say, or says wrongly, is as at first. */
export function stateOf(search: string): PageState {
  const params = new URLSearchParams(search);
  const text = (name: string, usual: string): string => params.get(name) ?? usual;
  const flag = (name: string): boolean => params.get(name) === "1";
  const limit = Number(params.get("limit"));
  return {
    view: oneOf(views, params.get("view")) ?? initialState.view,
    query: text("q", ""),
    range: { from: text("from", initialState.range.from), to: text("to", initialState.range.to) },
    limit: limits.includes(limit) ? limit : initialState.limit,
    zone: flag("utc") ? "utc" : "local",
    wrap: flag("wrap"),
    pretty: flag("pretty"),
    instant: flag("instant"),
    chart: oneOf(["line", "bar", "stacked"] as const, params.get("chart")) ?? initialState.chart,
    panel: oneOf(["none", "fields", "patterns"] as const, params.get("panel")) ?? initialState.panel,
    mark: text("mark", ""),
    by: text("by", initialState.by),
    at: /^\d{1,19}$/.test(text("at", "")) ? text("at", "") : "",
    server: serverOf(text("server", "")),
    tenant: text("tenant", ""),
  };
}

/** The address of a server as it is asked, `loki:3100` by http; empty where it is none. */
export function serverOf(text: string): string {
  const bare = text.trim().replace(/\/+$/, "");
  const url = /^https?:\/\//i.test(bare) ? bare : `http://${bare}`;
  return bare !== "" && URL.canParse(url) ? url : "";
}

function oneOf<T extends string>(all: readonly T[], value: string | null): T | undefined {
  return all.find((one) => one === value);
}

/** The address of a state: `?q=…`, with only what differs from the page at first. */
export function searchOf(state: PageState): string {
  const params = new URLSearchParams();
  const put = (name: string, value: string, usual: string): void => {
    if (value !== usual) params.set(name, value);
  };
  put("server", state.server, "");
  put("tenant", state.tenant, "");
  put("view", state.view, initialState.view);
  put("q", state.query, "");
  put("from", state.range.from, initialState.range.from);
  put("to", state.range.to, initialState.range.to);
  put("limit", String(state.limit), String(initialState.limit));
  put("utc", state.zone === "utc" ? "1" : "", "");
  put("wrap", state.wrap ? "1" : "", "");
  put("pretty", state.pretty ? "1" : "", "");
  put("instant", state.instant ? "1" : "", "");
  put("chart", state.chart, initialState.chart);
  put("panel", state.panel, initialState.panel);
  put("mark", state.mark, "");
  put("by", state.by, initialState.by);
  put("at", state.at, "");
  return params.size === 0 ? "" : `?${params}`;
}
