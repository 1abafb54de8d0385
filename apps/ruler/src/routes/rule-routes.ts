import type { LimitsSource } from "@ratatosk/config";
import type { HttpRequest, HttpResponse, Route } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { parseGroup } from "../group/parse-group.ts";
import { printGroup, printNamespaces } from "../group/print-group.ts";
import type { Rule, RuleGroup } from "../group/rule-group.ts";
import type { RuleStore } from "../group/rule-store.ts";
import type { StateStore } from "../run/state-store.ts";

export interface RuleRoutesModules {
  readonly rules: RuleStore;
  readonly states: StateStore;
  readonly limits: LimitsSource;
  /** Called when rules have changed. */
  readonly changed: () => void;
}

const maxBodyBytes = 4 * 2 ** 20;
const yaml = { "Content-Type": "application/yaml" };
const json = { "Content-Type": "application/json" };
const success: HttpResponse = {
  status: 202,
  headers: json,
  body: '{"status":"success","data":null,"errorType":"","error":""}',
};

/** Reading and writing rules under `/loki/api/v1/rules` and, where Grafana looks for it, `/api/prom/rules`. */
export function ruleRoutes(modules: RuleRoutesModules): Route[] {
  return ["/loki/api/v1/rules", "/api/prom/rules"].flatMap((base) => routesBelow(base, modules));
}

function routesBelow(base: string, { rules, states, limits, changed }: RuleRoutesModules): Route[] {
  const route = (methods: Route["methods"], path: string, handle: Route["handle"]): Route => ({
    methods,
    path: `${base}${path}`,
    tenant: "one",
    errors: "text",
    handle,
  });
  const list = async (request: HttpRequest): Promise<HttpResponse> => {
    const groups = await rules.list(tenantOf(request), namespaceOf(request));
    if (groups.length === 0) throw new RatatoskError("not_found", "no rule groups found");
    const namespaces = new Map<string, RuleGroup[]>();
    for (const { id, group } of groups) {
      const kept = withLabels(group, request.query.getAll("labels"));
      if (kept !== undefined) namespaces.set(id.namespace, [...(namespaces.get(id.namespace) ?? []), kept]);
    }
    return { status: 200, headers: yaml, body: printNamespaces(namespaces) };
  };
  const get = async (request: HttpRequest): Promise<HttpResponse> => {
    const group = await rules.get(idOf(request));
    if (group === undefined) throw new RatatoskError("not_found", "group does not exist");
    return { status: 200, headers: yaml, body: printGroup(group) };
  };
  const put = async (request: HttpRequest): Promise<HttpResponse> => {
    const tenant = tenantOf(request);
    const namespace = namespaceOf(request)!;
    const group = parseGroup(await readBody(request));
    checkName("namespace", namespace);
    checkName("groupname", group.name);
    await checkLimits(group, tenant, namespace);
    await rules.put({ tenant, namespace, group: group.name }, group);
    changed();
    return success;
  };
  const checkLimits = async (group: RuleGroup, tenant: string, namespace: string): Promise<void> => {
    const { ruler_max_rules_per_rule_group: mostRules, ruler_max_rule_groups_per_tenant: mostGroups } =
      limits.forTenant(tenant);
    exceeds("rules per rule group", mostRules, group.rules.length);
    if (mostGroups === 0) return;
    const others = (await rules.list(tenant)).filter(({ id }) => id.namespace !== namespace || id.group !== group.name);
    exceeds("rule groups", mostGroups, others.length + 1);
  };
  const remove = async (request: HttpRequest): Promise<HttpResponse> => {
    const id = idOf(request);
    await rules.delete([id]);
    await states.delete(id);
    changed();
    return success;
  };
  const removeNamespace = async (request: HttpRequest): Promise<HttpResponse> => {
    const ids = (await rules.list(tenantOf(request), namespaceOf(request))).map(({ id }) => id);
    if (ids.length === 0) throw new RatatoskError("not_found", "group namespace does not exist");
    await rules.delete(ids);
    for (const id of ids) await states.delete(id);
    changed();
    return success;
  };
  return [
    route(["GET"], "", list),
    route(["GET"], "/:namespace", list),
    route(["POST"], "/:namespace", put),
    route(["DELETE"], "/:namespace", removeNamespace),
    route(["GET"], "/:namespace/:group", get),
    route(["DELETE"], "/:namespace/:group", remove),
  ];
}

const tenantOf = ({ tenants }: HttpRequest): string => tenants[0]!;

const namespaceOf = ({ variables }: HttpRequest): string | undefined =>
  variables["namespace"] === undefined ? undefined : decodeAgain(variables["namespace"]);

const idOf = (request: HttpRequest): { tenant: string; namespace: string; group: string } => ({
  tenant: tenantOf(request),
  namespace: namespaceOf(request)!,
  group: decodeAgain(request.variables["group"]!),
});

/** Some versions of Grafana encode names twice. */
function decodeAgain(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The group with the rules that carry all labels of `k:v,k2:v2`; undefined when none does. */
function withLabels(group: RuleGroup, filters: readonly string[]): RuleGroup | undefined {
  const wanted = filters.flatMap((filter) => filter.split(",")).map((pair) => pair.split(":", 2));
  const has = (rule: Rule): boolean => wanted.every(([name, value]) => rule.labels[name!] === value);
  if (wanted.length === 0) return group;
  const rules = group.rules.filter(has);
  return rules.length === 0 ? undefined : { ...group, rules };
}

function checkName(what: string, name: string): void {
  if (name.startsWith("/") || name.split("/").includes(".."))
    throw new RatatoskError("bad_request", `invalid ${what}: path traversal not allowed`);
}

function exceeds(what: string, limit: number, actual: number): void {
  if (limit > 0 && actual > limit)
    throw new RatatoskError("bad_request", `per-user ${what} limit (limit: ${limit} actual: ${actual}) exceeded`);
}

async function readBody({ body }: HttpRequest): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBodyBytes) throw new RatatoskError("too_large", "http: request body too large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
