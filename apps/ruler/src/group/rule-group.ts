/** Rules that are evaluated together, one after another. Durations are milliseconds; 0 stands for none. */
export interface RuleGroup {
  readonly name: string;
  readonly intervalMs: number;
  /** Most alerts or samples of a rule. */
  readonly limit: number;
  readonly rules: readonly Rule[];
}

export type Rule = AlertingRule | RecordingRule;

export interface AlertingRule {
  readonly kind: "alerting";
  readonly name: string;
  readonly expr: string;
  /** How long the expression must hold before the alert fires. */
  readonly forMs: number;
  /** How long the alert goes on firing once the expression no longer holds. */
  readonly keepFiringForMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RecordingRule {
  readonly kind: "recording";
  readonly name: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Which group it is: names are unique within a namespace of a tenant. */
export interface GroupId {
  readonly tenant: string;
  readonly namespace: string;
  readonly group: string;
}

export const groupKey = ({ tenant, namespace, group }: GroupId): string => JSON.stringify([tenant, namespace, group]);
