import { noAuthTenant, parseTenants, RatatoskError } from "@ratatosk/model";

/** `read`: queries; `write`: pushes; `manage`: rules and deletes of its tenants; `operate`: what concerns the whole process. */
export type Right = "read" | "write" | "manage" | "operate";

/** Who asks, and what they may. */
export interface Identity {
  readonly name: string;
  /** Ids; `all` for every tenant there is or will be. */
  readonly tenants: ReadonlySet<string> | "all";
  readonly rights: ReadonlySet<Right>;
}

/**
 * The tenants of a request, as `X-Scope-OrgID` would name them: those it names, where the identity has them; without the
 * header those of the identity, if it has a list. Throws forbidden for a tenant of others.
 */
export function tenantsFor({ name, tenants }: Identity, header: string | undefined): string | undefined {
  if (header === undefined || header === "") return tenants === "all" ? undefined : [...tenants].sort().join("|");
  if (tenants === "all") return header;
  for (const tenant of parseTenants(header))
    if (!tenants.has(tenant)) throw new RatatoskError("forbidden", `${name} has no access to tenant ${tenant}`);
  return header;
}

/** The tenants of whoever asks where there is but one. */
export const onlyTenant: ReadonlySet<string> = new Set([noAuthTenant]);
