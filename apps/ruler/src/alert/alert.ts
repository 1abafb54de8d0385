import type { Labels } from "@ratatosk/model";

/** An alert of one series: pending until its rule has held long enough, then firing, then for a while resolved. */
export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: "pending" | "firing" | "resolved";
  readonly value: number;
  /** When the expression began to hold. All times are unix milliseconds. */
  readonly activeAtMs: number;
  readonly firedAtMs?: number;
  readonly resolvedAtMs?: number;
  /** Since when the expression no longer holds while the alert is kept firing. */
  readonly goneAtMs?: number;
  /** When an Alertmanager was last told of it. */
  readonly sentAtMs?: number;
}

export interface AlertTimes {
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly resolvedRetentionMs: number;
}

/** A series for which the rule's expression holds. */
export interface Holding {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly value: number;
}

/** The alert of a series whose expression holds at `nowMs`; `before` is what it was. */
export function holds(before: Alert | undefined, now: Holding, nowMs: number, { forMs }: AlertTimes): Alert {
  const known = before === undefined || before.state === "resolved" ? undefined : before;
  const { goneAtMs: _, ...kept } = known ?? { state: "pending" as const, activeAtMs: nowMs };
  const alert: Alert = { ...kept, ...now };
  return alert.state === "pending" && nowMs - alert.activeAtMs >= forMs
    ? { ...alert, state: "firing", firedAtMs: nowMs }
    : alert;
}

/** What becomes of an alert whose expression does not hold at `nowMs`; undefined when it is forgotten. */
export function holdsNoLonger(before: Alert, nowMs: number, times: AlertTimes): Alert | undefined {
  if (before.state === "pending") return undefined;
  if (before.state === "resolved") return nowMs - before.resolvedAtMs! < times.resolvedRetentionMs ? before : undefined;
  const goneAtMs = before.goneAtMs ?? nowMs;
  if (times.keepFiringForMs > 0 && nowMs - goneAtMs < times.keepFiringForMs) return { ...before, goneAtMs };
  return { ...before, state: "resolved", resolvedAtMs: nowMs };
}

/** Whether an Alertmanager has to hear of the alert now: when it fires, resolves, or was not told for `resendMs`. */
export function needsSending({ state, sentAtMs, resolvedAtMs }: Alert, nowMs: number, resendMs: number): boolean {
  if (state === "pending") return false;
  if (sentAtMs === undefined) return state === "firing";
  if (state === "resolved" && sentAtMs < resolvedAtMs!) return true;
  return sentAtMs + resendMs <= nowMs;
}
