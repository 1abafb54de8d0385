import type { Labels } from "@ratatosk/model";
import type { Alert } from "../alert/alert.ts";
import type { Rule } from "../group/rule-group.ts";

/** What a group's evaluations have led to. It outlives the process. Times are unix milliseconds. */
export interface GroupState {
  /** The time that was last evaluated; undefined before the first. */
  readonly lastEvaluationMs?: number;
  readonly evaluationSeconds: number;
  /** By `ruleKey`. */
  readonly rules: Readonly<Record<string, RuleState>>;
}

export interface RuleState {
  readonly health: "unknown" | "ok" | "err";
  readonly lastError: string;
  readonly lastEvaluationMs?: number;
  readonly evaluationSeconds: number;
  readonly alerts: readonly Alert[];
  /** The series that a recording rule wrote last: those that vanish are marked stale. */
  readonly recorded: readonly Labels[];
}

export const noState: GroupState = { evaluationSeconds: 0, rules: {} };
export const noRuleState: RuleState = {
  health: "unknown",
  lastError: "",
  evaluationSeconds: 0,
  alerts: [],
  recorded: [],
};

/** Identifies a rule over changes of its group: the same name with another expression is another rule. */
export const ruleKey = (rule: Rule, position: number, rules: readonly Rule[]): string => {
  const twin = rules.slice(0, position).filter(({ name, expr }) => name === rule.name && expr === rule.expr).length;
  return JSON.stringify([rule.kind, rule.name, rule.expr, twin]);
};
