import { LimitsConfig, type LimitsSource, printConfig, readable } from "@ratatosk/config";
import type { HttpRequest, HttpResponse, Route } from "@ratatosk/http";
import { noAuthTenant, parseTenant, RatatoskError } from "@ratatosk/model";

export interface LimitsModules {
  readonly limits: LimitsSource;
  /** The header that names a tenant is required. */
  readonly authEnabled: boolean;
  /** The Loki whose API is spoken. */
  readonly version: string;
}

/** The limits that a tenant may know. */
const published = [
  "discover_log_levels",
  "discover_service_name",
  "log_level_fields",
  "max_entries_limit_per_query",
  "max_line_size_truncate",
  "max_query_bytes_read",
  "max_query_length",
  "max_query_lookback",
  "max_query_range",
  "max_query_series",
  "metric_aggregation_enabled",
  "otlp_config",
  "pattern_persistence_enabled",
  "query_timeout",
  "retention_period",
  "retention_stream",
  "volume_enabled",
  "volume_max_series",
] as const;

/** What a tenant's limits are: for people, and for Grafana's Logs Drilldown. */
export function limitsRoutes({ limits, authEnabled, version }: LimitsModules): Route[] {
  const named = (request: HttpRequest): string => {
    const tenant = tenantOf(request);
    if (tenant === undefined) throw new RatatoskError("unauthenticated", "no org id");
    return tenant;
  };
  const page = (request: HttpRequest): HttpResponse => {
    const body = printConfig(LimitsConfig, publishedOf(limits, named(request)));
    return { status: 200, headers: { "Content-Type": "text/plain; charset=utf-8" }, body };
  };
  const drilldown = (request: HttpRequest): HttpResponse => {
    const tenant = authEnabled ? named(request) : (tenantOf(request) ?? noAuthTenant);
    const known = readable(LimitsConfig, publishedOf(limits, tenant));
    const body = JSON.stringify({ limits: known, pattern_ingester_enabled: true, version });
    return { status: 200, headers: { "Content-Type": "application/json" }, body };
  };
  const shared = { methods: ["GET"], tenant: "none", errors: "text-line" } as const;
  return [
    { ...shared, path: "/config/tenant/v1/limits", handle: page },
    { ...shared, path: "/loki/api/v1/drilldown-limits", handle: drilldown },
  ];
}

/** These paths read the header themselves: also without authentication a tenant may be named. */
function tenantOf({ headers }: HttpRequest): string | undefined {
  const header = headers["x-scope-orgid"];
  return typeof header === "string" && header !== "" ? parseTenant(header) : undefined;
}

function publishedOf(limits: LimitsSource, tenant: string): Record<string, unknown> {
  const own = limits.forTenant(tenant);
  return Object.fromEntries(published.map((name) => [name, own[name]]));
}
