import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { JournalConfig } from "../config/agent-config.ts";
import { Entry } from "../entry.ts";
import type { TargetStatus } from "../files/file-targets.ts";
import { CursorOrigin } from "../origin.ts";
import { relabel } from "../relabel.ts";
import { goJson } from "../stages/json-text.ts";
import type { Source, SourceParts } from "./source.ts";

/** A field as `journalctl -o json` writes it: text, bytes, or several of one name. */
type Field = string | null | readonly number[] | readonly (string | readonly number[])[];

const priorities = ["emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"];
const retryMs = 5000;

/**
 * The journal of systemd, read by `journalctl`, which knows its files, both persistent and volatile. When it ends, as it
 * does after errors in a rotated file, it is started again at the cursor.
 */
export class JournalSource implements Source {
  readonly #config: JournalConfig;
  readonly #parts: SourceParts;
  readonly #origin: CursorOrigin;
  readonly #stop = new AbortController();
  #cursor: string | undefined;
  #child: ChildProcess | undefined;
  #running: Promise<void> | undefined;
  #lines = 0;
  #bytes = 0;
  #lastError: string | undefined;

  constructor(config: JournalConfig, parts: SourceParts) {
    this.#config = config;
    this.#parts = parts;
    const key = `cursor-${parts.job}`;
    // Empty where the very first entry was held back when the agent ended.
    this.#cursor = parts.positions.get(key) || undefined;
    this.#origin = new CursorOrigin(key, parts.job, this.#cursor ?? "", compareCursors);
    parts.positions.recall(this.#origin);
  }

  async start(): Promise<void> {
    if (this.#cursor !== undefined) this.#parts.positions.track(this.#origin);
    this.#running = this.#run();
    this.#parts.targetEvents.activated();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#child?.kill("SIGTERM");
    await this.#running;
    this.#parts.targetEvents.deactivated();
  }

  get status(): TargetStatus[] {
    const detail = {
      name: "journal",
      position: this.#cursor ?? "",
      lagBytes: undefined,
      lines: this.#lines,
      bytes: this.#bytes,
      lastError: this.#lastError,
    };
    return [
      {
        type: "Journal",
        labels: this.#config.labels,
        discovered: new Map(),
        isReady: this.#lastError === undefined,
        details: [detail],
      },
    ];
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const error = await this.#follow();
      if (this.#stop.signal.aborted) return;
      if (error !== this.#lastError)
        this.#parts.log.warn({ error }, "journalctl ended, starting it again at the cursor");
      this.#lastError = error;
      await sleep(retryMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** Runs journalctl until it ends; why it did. */
  async #follow(): Promise<string> {
    const child = spawn("journalctl", this.#arguments(), { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    let said = "";
    child.stderr.on("data", (data: Buffer) => (said = (said + data.toString()).slice(-1000)));
    const ended = once(child, "close").then(
      () => said.trim() || `exit status ${child.exitCode}`,
      (error: unknown) => String(error),
    );
    for await (const row of process
      .getBuiltinModule("node:readline")
      .createInterface({ input: child.stdout, crlfDelay: Infinity })) {
      const wait = this.#parts.outlet.ready();
      if (wait) await wait;
      this.#row(row);
      this.#lastError = undefined;
    }
    return ended;
  }

  #arguments(): string[] {
    const { path, matches, maxAgeMs } = this.#config;
    const oldestMs = Date.now() - maxAgeMs;
    const from =
      this.#cursor !== undefined && cursorMs(this.#cursor) > oldestMs
        ? [`--after-cursor=${this.#cursor}`]
        : [`--since=@${Math.floor(oldestMs / 1000)}`];
    const where = path === "" ? ["--merge"] : [`--directory=${path}`];
    return [
      "--output=json",
      "--all",
      "--follow",
      "--no-tail",
      "--quiet",
      ...where,
      ...from,
      ...matches.split(/\s+/).filter((match) => match !== ""),
    ];
  }

  #row(row: string): void {
    const { sourceEvents } = this.#parts;
    const fields = parseRow(row);
    if (fields === undefined) return sourceEvents.count("journal_target_parsing_errors_total", { error: "bad_row" });
    const given = this.#origin.past?.of(textOf(fields["__CURSOR"])) ?? 0;
    const message = bytesOf(fields["MESSAGE"]);
    if (message === undefined && !this.#config.json) return this.#pass(fields, "no_message");
    const labels = relabel(this.#labelsOf(fields), this.#parts.relabelRules);
    const shown = labels && new Map([...labels].filter(([name, value]) => !name.startsWith("__") && value !== ""));
    if (shown === undefined) return this.#pass(fields, undefined);
    if (shown.size === 0) return this.#pass(fields, "empty_labels");
    const line = this.#config.json ? Buffer.from(goJson(textsOf(fields))) : message!;
    const micros = BigInt(textOf(fields["__REALTIME_TIMESTAMP"]) || "0");
    const time = { seconds: Number(micros / 1_000_000n), nanos: Number(micros % 1_000_000n) * 1000 };
    const start = this.#origin.read;
    const entry = new Entry(this.#origin, start, start + 1, shown, line, time);
    entry.given = given;
    this.#parts.outlet.entry(entry);
    this.#lines += 1;
    this.#bytes += line.length;
    sourceEvents.count("journal_target_lines_total");
    this.#pass(fields, undefined);
  }

  /** The row is done, sent or not. */
  #pass(fields: Record<string, Field>, error: string | undefined): void {
    if (error !== undefined) this.#parts.sourceEvents.count("journal_target_parsing_errors_total", { error });
    const cursor = textOf(fields["__CURSOR"]);
    if (cursor === "") return;
    if (this.#cursor === undefined) this.#parts.positions.track(this.#origin);
    this.#cursor = cursor;
    this.#origin.advance(this.#origin.read + 1, cursor);
    this.#origin.read += 1;
  }

  #labelsOf(fields: Record<string, Field>): Map<string, string> {
    const labels = new Map<string, string>();
    for (const [name, field] of Object.entries(fields)) {
      if (name.startsWith("__")) continue;
      labels.set(`__journal_${name.toLowerCase()}`, textOf(field));
    }
    const keyword = priorities[Number(textOf(fields["PRIORITY"]) || Number.NaN)];
    if (keyword !== undefined) labels.set("__journal_priority_keyword", keyword);
    for (const [name, value] of this.#config.labels) labels.set(name, value);
    return labels;
  }
}

function parseRow(row: string): Record<string, Field> | undefined {
  try {
    const fields: unknown = JSON.parse(row);
    return typeof fields === "object" && fields !== null ? (fields as Record<string, Field>) : undefined;
  } catch {
    return undefined;
  }
}

function bytesOf(field: Field | undefined): Buffer | undefined {
  if (field === null || field === undefined) return undefined;
  if (typeof field === "string") return Buffer.from(field);
  const [first] = field;
  return typeof first === "number" ? Buffer.from(field as readonly number[]) : bytesOf(first);
}

const textOf = (field: Field | undefined): string => bytesOf(field)?.toString() ?? "";

const textsOf = (fields: Record<string, Field>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !name.startsWith("__"))
      .map(([name, field]) => [name, textOf(field)]),
  );

/** Negative for a cursor of an earlier entry, 0 for the same; of the same time counts as before. */
const compareCursors = (cursor: string, upTo: string): number =>
  cursor === upTo ? 0 : cursorMs(cursor) - cursorMs(upTo) || -1;

/** When the entry of a cursor was written: `t=` holds microseconds in hexadecimal. Unknown counts as now. */
function cursorMs(cursor: string): number {
  const match = /(?:^|;)t=([0-9a-f]+)/.exec(cursor);
  return match === null ? Date.now() : Number.parseInt(match[1]!, 16) / 1000;
}
