import { Counter, type Registry } from "./prometheus.ts";

/** Why entries were refused, and whose. */
export interface DiscardLabels {
  readonly reason: string;
  readonly tenant: string;
  readonly retention_hours: string;
  readonly policy: string;
  readonly format: string;
}

const labelNames = ["reason", "tenant", "retention_hours", "policy", "format"] as const;

/** Loki's counters of refused entries, which all roles of a process share. */
export class Discarded {
  readonly #entries: Counter<(typeof labelNames)[number]>;
  readonly #bytes: Counter<(typeof labelNames)[number]>;

  constructor(registry: Registry) {
    this.#entries = shared(registry, "loki_discarded_samples_total", "Lines refused.");
    this.#bytes = shared(registry, "loki_discarded_bytes_total", "Bytes of lines refused.");
  }

  add(labels: DiscardLabels, { entries, bytes }: { readonly entries: number; readonly bytes: number }): void {
    this.#entries.inc({ ...labels }, entries);
    this.#bytes.inc({ ...labels }, bytes);
  }
}

function shared(registry: Registry, name: string, help: string): Counter<(typeof labelNames)[number]> {
  const known = registry.getSingleMetric(name);
  return known instanceof Counter ? known : new Counter({ name, help, labelNames, registers: [registry] });
}
