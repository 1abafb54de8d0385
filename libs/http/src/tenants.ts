import type { IncomingMessage } from "node:http";
import { noAuthTenant, parseTenants, RatatoskError } from "@ratatosk/model";
import type { Route } from "./route.ts";

export interface TenantRules {
  /** `X-Scope-OrgID` is required; without it all is of the tenant `fake`. */
  readonly authEnabled: boolean;
  /** Reads may name several tenants. */
  readonly multiTenantQueries: boolean;
}

/** Whose data a request is about. Throws with Loki's texts when the header is missing, wrong or names too many. */
export function tenantsOf(
  route: Route,
  { headers }: Pick<IncomingMessage, "headers">,
  { authEnabled, multiTenantQueries }: TenantRules,
): readonly string[] {
  if (route.tenant === "none") return [];
  if (!authEnabled) return [noAuthTenant];
  const header = headers["x-scope-orgid"];
  if (typeof header !== "string" || header === "") throw new RatatoskError("unauthenticated", "no org id");
  const tenants = parseTenants(header);
  if (tenants.length > 1 && (route.tenant === "one" || !multiTenantQueries))
    throw new RatatoskError("bad_request", "multiple org IDs present");
  return tenants;
}
