import type { HttpResponse, Route } from "@ratatosk/http";
import { parse, print } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import type { Alert } from "../alert/alert.ts";
import type { Rule } from "../group/rule-group.ts";
import { noRuleState, ruleKey, type RuleState } from "../run/group-state.ts";
import type { LiveGroup } from "../run/runners.ts";

export interface PrometheusRoutesModules {
  /** The groups of a tenant with their states. */
  readonly groups: (tenant: string) => Promise<LiveGroup[]>;
}

const never = "0001-01-01T00:00:00Z";
const kinds: Record<string, Rule["kind"] | undefined> = { alert: "alerting", record: "recording" };

/** Rules and alerts as Prometheus tells of them: `/prometheus/api/v1/rules` and `/alerts`. */
export function prometheusRoutes({ groups }: PrometheusRoutesModules): Route[] {
  const route = (path: string, handle: Route["handle"]): Route => ({
    methods: ["GET"],
    path: `/prometheus/api/v1/${path}`,
    tenant: "many",
    errors: "text",
    handle,
  });
  const listRules: Route["handle"] = async ({ tenants, query }) => {
    if (tenants.length > 1) return badData("too many org ids found");
    const type = query.get("type");
    if (type && kinds[type.toLowerCase()] === undefined) return badData(`not supported value ${JSON.stringify(type)}`);
    const names = (key: string): string[] => [...query.getAll(key), ...query.getAll(`${key}[]`)];
    const [files, groupNames, ruleNames] = [names("file"), names("rule_group"), names("rule_name")];
    const wants = (list: string[], name: string): boolean => list.length === 0 || list.includes(name);
    const found = (await groups(tenants[0]!))
      .filter(({ id }) => wants(files, id.namespace) && wants(groupNames, id.group))
      .sort((a, b) => (a.id.namespace < b.id.namespace ? -1 : a.id.namespace > b.id.namespace ? 1 : 0))
      .map((live) =>
        describeGroup(
          live,
          ({ kind, name }) => wants(ruleNames, name) && (!type || kinds[type.toLowerCase()] === kind),
        ),
      )
      .filter(({ rules }) => rules.length > 0 || (!type && ruleNames.length === 0));
    return answer({ groups: found });
  };
  const listAlerts: Route["handle"] = async ({ tenants }) => {
    if (tenants.length > 1) return badData("too many org ids found");
    const rules = (await groups(tenants[0]!)).flatMap((live) => rulesOf(live));
    return answer({ alerts: rules.flatMap(({ state }) => current(state.alerts).map(describeAlert)) });
  };
  return [route("rules", listRules), route("alerts", listAlerts)];
}

const answer = (data: unknown): HttpResponse => ({
  status: 200,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ status: "success", data, errorType: "", error: "" }),
});

const badData = (error: string): HttpResponse => ({
  status: 400,
  headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
  body: JSON.stringify({ status: "error", data: null, errorType: "bad_data", error }),
});

function rulesOf({ group, state }: LiveGroup): { rule: Rule; state: RuleState }[] {
  return group.rules.map((rule, at) => ({ rule, state: state.rules[ruleKey(rule, at, group.rules)] ?? noRuleState }));
}

interface DescribedGroup extends Record<string, unknown> {
  readonly rules: readonly Record<string, unknown>[];
}

function describeGroup(live: LiveGroup, wanted: (rule: Rule) => boolean): DescribedGroup {
  const { id, group, intervalMs, state } = live;
  return {
    name: id.group,
    file: id.namespace,
    rules: rulesOf(live)
      .filter(({ rule }) => wanted(rule))
      .map(({ rule, state }) =>
        rule.kind === "alerting" ? describeAlerting(rule, state) : describeRecording(rule, state),
      ),
    interval: intervalMs / 1000,
    limit: group.limit,
    lastEvaluation: timeText(state.lastEvaluationMs),
    evaluationTime: state.evaluationSeconds,
  };
}

function describeAlerting(rule: Rule & { kind: "alerting" }, state: RuleState): Record<string, unknown> {
  const alerts = current(state.alerts);
  return {
    state: stateOf(alerts, state),
    name: rule.name,
    query: canonical(rule.expr),
    duration: rule.forMs / 1000,
    ...(rule.keepFiringForMs > 0 && { keepFiringFor: rule.keepFiringForMs / 1000 }),
    labels: rule.labels,
    annotations: rule.annotations,
    alerts: alerts.map(describeAlert),
    ...healthOf(state),
    type: "alerting",
    ...timesOf(state),
  };
}

const describeRecording = (rule: Rule, state: RuleState): Record<string, unknown> => ({
  name: rule.name,
  query: canonical(rule.expr),
  labels: rule.labels,
  ...healthOf(state),
  type: "recording",
  ...timesOf(state),
});

const current = (alerts: readonly Alert[]): Alert[] => alerts.filter(({ state }) => state !== "resolved");

function stateOf(alerts: readonly Alert[], { health }: RuleState): string {
  if (alerts.some(({ state }) => state === "firing")) return "firing";
  if (alerts.length > 0) return "pending";
  return health === "unknown" ? "unknown" : "inactive";
}

const healthOf = ({ health, lastError }: RuleState): Record<string, string> => ({ health, lastError });

const timesOf = ({ lastEvaluationMs, evaluationSeconds }: RuleState): Record<string, unknown> => ({
  lastEvaluation: timeText(lastEvaluationMs),
  evaluationTime: evaluationSeconds,
});

const timeText = (ms: number | undefined): string => (ms === undefined ? never : new Date(ms).toISOString());

const describeAlert = ({ labels, annotations, state, activeAtMs, value }: Alert): Record<string, unknown> => ({
  labels: toObject(labels),
  annotations: toObject(annotations),
  state,
  activeAt: new Date(activeAtMs).toISOString(),
  value: scientific(value),
});

const toObject = (labels: Labels): Record<string, string> => Object.fromEntries(labels);

/** A number as Go's `%e` in its shortest form: `2e+00`, `1.5e-07`. */
function scientific(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** The expression as the parser understands it; as it stands where it cannot be parsed any more. */
function canonical(expr: string): string {
  try {
    return print(parse(expr));
  } catch {
    return expr;
  }
}
