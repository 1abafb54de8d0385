import { rightFor, type Route } from "@ratatosk/http";
import type { Role } from "../roles.ts";
import { httpApi } from "./http-api.ts";
import { row } from "./table.ts";
import { unstarted } from "./unstarted.ts";

const roles: readonly Role[] = ["distributor", "ingester", "querier", "compactor", "ruler"];

interface Served {
  readonly methods: Set<string>;
  readonly roles: Set<Role>;
  readonly tenant: Route["tenant"];
  readonly rights: Set<string>;
}

/** The page docs/reference/http-api.md. */
export function httpApiPage(): string {
  const paths = servedPaths();
  const sections = Object.entries(httpApi).map(([title, described]) => {
    const rows = Object.entries(described).map(([path, text]) => pathRow(path, text, paths.get(path)));
    return `## ${title}\n\n| method | path | | tenant | right | role |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `${head}\n${sections.join("\n")}`;
}

const head = `# HTTP API

The API is Loki's: parameters, answers and errors are as its documentation says. \`ratatosk all\` serves every path, a process of its own those of
its role. **Tenant**: whether \`X-Scope-OrgID\` names one tenant or, in queries, may name several (with \`auth_enabled\`). **Right**: what an account
needs where there are any, see [security](../security.md). Errors are text, with Loki's words and status. This page is made from the code:
\`npm run docs\`.
`;

/** Every path that a process of some role serves. */
export function servedPaths(): Map<string, Served> {
  const paths = new Map<string, Served>();
  for (const role of roles) {
    for (const route of unstarted(role).routes) {
      const known = paths.get(route.path);
      const served = known ?? { methods: new Set(), roles: new Set(), tenant: route.tenant, rights: new Set() };
      for (const method of route.methods) served.methods.add(method);
      served.roles.add(role);
      const right = rightFor(route);
      if (right !== undefined) served.rights.add(right);
      paths.set(route.path, served);
    }
  }
  return paths;
}

function pathRow(path: string, text: string, served: Served | undefined): string {
  if (served === undefined) throw new Error(`${path} is described, and nothing serves it`);
  const by = served.roles.size === roles.length ? "all" : [...served.roles].join(", ");
  const tenant = served.tenant === "none" ? "" : served.tenant === "one" ? "one" : "several";
  const shown = path.replaceAll(/:(\w+)/g, "{$1}");
  return row([...served.methods].join(" "), `\`${shown}\``, text, tenant, [...served.rights].join(", "), by);
}
