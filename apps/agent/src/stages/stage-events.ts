import { Counter, type Registry } from "@ratatosk/observability";
import type { CustomMetrics } from "./custom-metrics.ts";

/** What stages drop, as metrics under Promtail's names, and the metrics that users define. */
export class StageEvents {
  readonly custom: CustomMetrics;
  readonly #dropped: Counter<"reason">;
  readonly #droppedByLabel: Counter<"label_name" | "label_value">;
  readonly #truncated: Counter<"field">;

  constructor(registry: Registry, custom: CustomMetrics) {
    this.custom = custom;
    const registers = [registry];
    this.#dropped = new Counter({
      name: "logentry_dropped_lines_total",
      help: "A count of all log lines dropped as a result of a pipeline stage.",
      labelNames: ["reason"],
      registers,
    });
    this.#droppedByLabel = new Counter({
      name: "logentry_dropped_lines_by_label_total",
      help: "A count of all log lines dropped by the limit stage, by label.",
      labelNames: ["label_name", "label_value"],
      registers,
    });
    this.#truncated = new Counter({
      name: "logentry_truncated_fields_total",
      help: "A count of all fields cut by a truncate stage.",
      labelNames: ["field"],
      registers,
    });
  }

  /** Values of a kind (`line`, `label`, …) were cut. */
  truncated(field: string, count: number): void {
    this.#truncated.inc({ field }, count);
  }

  dropped(reason: string): void {
    this.#dropped.inc({ reason });
  }

  droppedByLabel(name: string, value: string): void {
    this.#droppedByLabel.inc({ label_name: name, label_value: value });
  }
}
