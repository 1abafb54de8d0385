import { Counter, Gauge, type Registry } from "@ratatosk/observability";

/** What sources other than files count, under Promtail's names. */
export class SourceEvents {
  readonly #counters = new Map<string, Counter>();
  readonly #dockerLag: Gauge<"container">;

  constructor(registry: Registry) {
    const registers = [registry];
    const add = (name: string, help: string, labelNames: readonly string[] = []): void => {
      this.#counters.set(name, new Counter({ name: `promtail_${name}`, help, labelNames: [...labelNames], registers }));
    };
    this.#dockerLag = new Gauge({
      name: "promtail_docker_target_lag_bytes",
      help: "Bytes of a container's json-file log that are not read yet, where the file can be read from here.",
      labelNames: ["container"],
      registers,
    });
    add("docker_target_entries_total", "Total number of successful entries sent to the Docker target.");
    add("docker_target_parsing_errors_total", "Total number of parsing errors while receiving Docker messages.");
    add("journal_target_lines_total", "Total number of successful journal lines read.");
    add("journal_target_parsing_errors_total", "Total number of parsing errors while reading journal messages.", [
      "error",
    ]);
    add("syslog_target_entries_total", "Total number of successful entries sent to the syslog target.");
    add("syslog_target_parsing_errors_total", "Total number of parsing errors while receiving syslog messages.");
    add("syslog_empty_messages_total", "Total number of empty messages received from syslog.");
  }

  /** Undefined where it is not known, or the container is gone. */
  lag(container: string, bytes: number | undefined): void {
    if (bytes === undefined) this.#dockerLag.remove({ container });
    else this.#dockerLag.set({ container }, bytes);
  }

  count(name: string, labels: Record<string, string> = {}, by = 1): void {
    this.#counters.get(name)!.inc(labels, by);
  }
}
