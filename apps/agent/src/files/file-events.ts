import { Counter, Gauge, type Registry, type Logger } from "@ratatosk/observability";

/** What happens to files, as metrics under Promtail's names and as log lines. */
export class FileEvents {
  readonly log: Logger;
  readonly #readBytes: Gauge<"path">;
  readonly #fileBytes: Gauge<"path">;
  readonly #lagBytes: Gauge<"path">;
  readonly #readLines: Counter<"path">;
  readonly #active: Gauge;
  readonly #truncated: Counter;
  readonly #warned = new Set<string>();

  constructor(log: Logger, registry: Registry) {
    this.log = log;
    const registers = [registry];
    const labelNames = ["path"] as const;
    this.#readBytes = new Gauge({
      name: "promtail_read_bytes_total",
      help: "Number of bytes read.",
      labelNames,
      registers,
    });
    this.#fileBytes = new Gauge({
      name: "promtail_file_bytes_total",
      help: "Number of bytes in the file.",
      labelNames,
      registers,
    });
    this.#lagBytes = new Gauge({
      name: "promtail_file_lag_bytes",
      help: "Bytes of the file not read yet.",
      labelNames,
      registers,
    });
    this.#readLines = new Counter({
      name: "promtail_read_lines_total",
      help: "Number of lines read.",
      labelNames,
      registers,
    });
    this.#active = new Gauge({ name: "promtail_files_active_total", help: "Number of active files.", registers });
    this.#truncated = new Counter({
      name: "promtail_files_truncated_total",
      help: "Files found shorter than they were read.",
      registers,
    });
  }

  opened(path: string, offset: number): void {
    this.#active.inc();
    this.#readLines.inc({ path }, 0);
    this.log.info({ path, offset }, "tail routine: started");
  }

  closed(path: string): void {
    this.#active.dec();
    for (const metric of [this.#readBytes, this.#fileBytes, this.#lagBytes, this.#readLines]) metric.remove({ path });
    this.log.info({ path }, "tail routine: stopped");
  }

  read(path: string, lines: number, offset: number, size: number): void {
    this.#readLines.inc({ path }, lines);
    this.#readBytes.set({ path }, offset);
    this.#fileBytes.set({ path }, size);
    this.#lagBytes.set({ path }, Math.max(0, size - offset));
  }

  truncated(path: string): void {
    this.#truncated.inc();
    this.log.warn({ path }, "file is new or was truncated, reading it from its beginning");
  }

  /** Says once of a path what keeps it from being read. */
  troubled(path: string, error: unknown, message: string): void {
    const key = `${path}\0${message}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.log.warn({ path, err: error }, message);
  }
}
