import { RuntimeOverrides } from "@ratatosk/config";
import { Gauge, type Logger, type Registry } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import type { Config } from "./config.ts";

export interface LimitsModules {
  readonly config: Config;
  readonly log: Logger;
  readonly registry: Registry;
}

/** Keeps the limits of single tenants as the runtime file says. */
export function limitsService({ config, log, registry }: LimitsModules): Service & { overrides: RuntimeOverrides } {
  const events = new ReloadEvents(log, registry);
  const overrides = new RuntimeOverrides({
    config: config.runtime_config,
    defaults: config.limits_config,
    onReload: (event) => (event.ok ? events.reloaded(event.sha256) : events.failed(event.error)),
  });
  return {
    name: "runtime-config",
    overrides,
    start: () => overrides.start(),
    stop: async () => overrides.stop(),
  };
}

class ReloadEvents {
  readonly #log: Logger;
  readonly #successful: Gauge;
  readonly #hash: Gauge;

  constructor(log: Logger, registry: Registry) {
    this.#log = log;
    this.#successful = new Gauge({
      name: "loki_runtime_config_last_reload_successful",
      help: "Whether the last reading of the runtime configuration succeeded.",
      registers: [registry],
    });
    this.#hash = new Gauge({
      name: "loki_runtime_config_hash",
      help: "Hash of the runtime configuration in force.",
      labelNames: ["sha256"],
      registers: [registry],
    });
  }

  reloaded(sha256: string): void {
    this.#successful.set(1);
    this.#hash.reset();
    this.#hash.set({ sha256 }, 1);
  }

  failed(error: Error): void {
    this.#successful.set(0);
    this.#log.error({ err: error }, "runtime configuration cannot be used, the last good one stays in force");
  }
}
