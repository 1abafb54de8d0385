import type { RuntimeOverrides } from "@ratatosk/config";
import type { Route } from "@ratatosk/http";
import type { Logger, Registry, RequestMetrics } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import type { Config } from "./config.ts";
import type { Role } from "./roles.ts";

export interface ProcessModules {
  readonly config: Config;
  readonly log: Logger;
  readonly registry: Registry;
  readonly limits: RuntimeOverrides;
  readonly metrics: RequestMetrics;
}

/** What a role brings into its process. */
export interface Parts {
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
}

/** Puts the parts of a role together. */
export async function compose(_role: Role, _modules: ProcessModules): Promise<Parts> {
  return { services: [], routes: [] };
}
