import { printDuration } from "@ratatosk/config";
import { stringify } from "yaml";
import type { Rule, RuleGroup } from "./rule-group.ts";

/** A group as YAML; what is empty or zero is left out. */
export const printGroup = (group: RuleGroup): string => stringify(plainGroup(group), { lineWidth: 0 });

/** Namespaces with their groups as YAML. */
export const printNamespaces = (namespaces: ReadonlyMap<string, readonly RuleGroup[]>): string =>
  stringify(Object.fromEntries([...namespaces].map(([name, groups]) => [name, groups.map(plainGroup)])), {
    lineWidth: 0,
  });

function plainGroup({ name, intervalMs, limit, rules }: RuleGroup): Record<string, unknown> {
  return {
    name,
    ...(intervalMs > 0 && { interval: printDuration(intervalMs) }),
    ...(limit > 0 && { limit }),
    rules: rules.map(plainRule),
  };
}

function plainRule(rule: Rule): Record<string, unknown> {
  const labels = Object.keys(rule.labels).length > 0 && { labels: rule.labels };
  if (rule.kind === "recording") return { record: rule.name, expr: rule.expr, ...labels };
  return {
    alert: rule.name,
    expr: rule.expr,
    ...(rule.forMs > 0 && { for: printDuration(rule.forMs) }),
    ...(rule.keepFiringForMs > 0 && { keep_firing_for: printDuration(rule.keepFiringForMs) }),
    ...labels,
    ...(Object.keys(rule.annotations).length > 0 && { annotations: rule.annotations }),
  };
}
