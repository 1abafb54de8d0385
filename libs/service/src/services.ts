import type { Logger } from "@ratatosk/observability";
import type { Service } from "./service.ts";

export type ServiceState = "New" | "Starting" | "Running" | "Stopping" | "Terminated" | "Failed";

/** The services of a process: started in order, each once the one before is ready; stopped the other way round. */
export class Services {
  readonly #services: readonly Service[];
  readonly #log: Logger;
  readonly #states = new Map<Service, ServiceState>();
  readonly #aborter = new AbortController();
  #stopping: Promise<void> | undefined;

  constructor(services: readonly Service[], log: Logger) {
    this.#services = services;
    this.#log = log;
    for (const service of services) this.#states.set(service, "New");
  }

  /** Starts all; when one cannot start, stops those that did and throws its error. */
  async start(): Promise<void> {
    for (const service of this.#services) {
      if (this.#aborter.signal.aborted) return;
      this.#states.set(service, "Starting");
      try {
        await service.start(this.#aborter.signal);
      } catch (error) {
        this.#states.set(service, "Failed");
        await this.stop();
        throw error;
      }
      this.#states.set(service, "Running");
      this.#log.debug({ service: service.name }, "service started");
    }
  }

  /** Stops all that were started, whatever fails on the way; the first failure is thrown at the end. */
  async stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    await this.#stopping;
  }

  states(): { name: string; state: ServiceState }[] {
    return this.#services.map((service) => ({ name: service.name, state: this.#states.get(service)! }));
  }

  /** Whether all have been started and none is being stopped. */
  get started(): boolean {
    return this.#services.every((service) => this.#states.get(service) === "Running");
  }

  /** Why the process is not ready to serve, in Loki's words, or undefined when it is. */
  notReady(): string | undefined {
    if (this.#stopping) return "Application is stopping";
    const states = this.states().map(({ state }) => state);
    if (states.some((state) => state !== "Running")) return `Some services are not Running:\n${countByState(states)}`;
    for (const service of this.#services) {
      const reason = service.notReady?.();
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  async #stopAll(): Promise<void> {
    this.#aborter.abort();
    const failures: unknown[] = [];
    for (const service of [...this.#services].reverse()) {
      const state = this.#states.get(service);
      if (state !== "Running" && state !== "Starting") continue;
      this.#states.set(service, "Stopping");
      try {
        await service.stop();
        this.#states.set(service, "Terminated");
      } catch (error) {
        this.#states.set(service, "Failed");
        this.#log.error({ service: service.name, err: error }, "service did not stop cleanly");
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

function countByState(states: readonly ServiceState[]): string {
  const counts = new Map<ServiceState, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([state, count]) => `${state}: ${count}\n`)
    .join("");
}
