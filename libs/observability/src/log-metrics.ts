import { Counter, type Registry } from "./prometheus.ts";

/** Counts log lines by level; give `count` to `createLogger`. */
export class LogMetrics {
  readonly #messages: Counter;

  constructor(registry: Registry) {
    this.#messages = new Counter({
      name: "loki_internal_log_messages_total",
      help: "Log lines written, by level.",
      labelNames: ["level"],
      registers: [registry],
    });
    for (const level of ["debug", "info", "warn", "error"]) this.#messages.inc({ level }, 0);
  }

  count(level: string): void {
    this.#messages.inc({ level });
  }
}
