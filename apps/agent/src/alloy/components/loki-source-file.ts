import { existsSync, statSync } from "node:fs";
import { Registry } from "@ratatosk/observability";
import { FileEvents } from "../../files/file-events.ts";
import { FileTargets } from "../../files/file-targets.ts";
import { TargetEvents } from "../../target-events.ts";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { boolean, duration, oneOf, text } from "../decode.ts";
import { Forward, Receiver, receivers } from "../receiver.ts";
import { block, idle, optional, required, type Schema, schema } from "../schema.ts";
import type { NameWatcher, Shared } from "../shared.ts";
import { ComponentPositions } from "../alloy-positions.ts";
import { CleanLines } from "../clean-lines.ts";
import { targets, type Target } from "./local-file-match.ts";

const sourceSchema = schema({
  attributes: {
    targets: required(targets),
    forward_to: required(receivers),
    encoding: optional(text, ""),
    tail_from_end: optional(boolean, false),
    legacy_positions_file: optional(text, ""),
    on_positions_file_error: idle(
      optional(oneOf("restart_from_beginning", "restart_from_end", "skip"), "restart_from_beginning"),
    ),
  },
  blocks: {
    decompression: block(
      schema({
        attributes: {
          enabled: optional(boolean, false),
          initial_delay: optional(duration, 0),
          format: optional(oneOf("", "gz", "z", "bz2"), ""),
        },
      }),
    ),
    file_watch: block(
      schema({
        attributes: { min_poll_frequency: optional(duration, 250), max_poll_frequency: optional(duration, 250) },
      }),
    ),
    file_match: block(
      schema({
        attributes: {
          enabled: optional(boolean, false),
          sync_period: optional(duration, 10_000),
          ignore_older_than: optional(duration, 0),
        },
      }),
    ),
  },
});

type Args = typeof sourceSchema extends Schema<infer T> ? T : never;

/** How often a file that is not there yet is looked for. */
const lookMs = 1000;

/** `loki.source.file`: lines of files. */
class LokiSourceFile implements Component<Args>, NameWatcher {
  readonly #context: ComponentContext<Shared>;
  readonly #receiver: Receiver;
  readonly #positions: ComponentPositions;
  readonly #fileEvents: FileEvents;
  readonly #forgetMetrics: () => void;
  #args: Args | undefined;
  #targets: FileTargets | undefined;
  #settings = "";
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #isStarted = false;

  constructor(context: ComponentContext<Shared>) {
    this.#context = context;
    this.#receiver = new Receiver(context.id);
    const { registry, remove } = context.shared.metrics.register(context.id, [["promtail_", "loki_source_file_"]]);
    this.#fileEvents = new FileEvents(context.log, registry);
    this.#forgetMetrics = remove;
    this.#positions = new ComponentPositions(context.id, context.shared, context.log);
  }

  update(args: Args): void {
    this.#args = args;
    this.#receiver.goal = new CleanLines(new Forward(args.forward_to));
    if (this.#isStarted) this.#apply();
  }

  async start(): Promise<void> {
    if (this.#isStarted) return;
    await this.#positions.load(this.#args!.legacy_positions_file);
    this.#isStarted = true;
    this.#context.shared.watch(this);
    this.#context.shared.reading.set(this.#context.id, () => this.#targets?.status ?? []);
    this.#apply();
  }

  /** Other targets are taken up; other settings of reading begin anew where reading was. */
  #apply(): void {
    const args = this.#args!;
    const settings = JSON.stringify([args.encoding, args.tail_from_end, args.decompression, args.file_watch]);
    if (settings !== this.#settings || this.#targets === undefined) {
      this.#targets?.stop();
      this.#targets = this.#newTargets(args);
      this.#settings = settings;
    }
    clearInterval(this.#timer);
    const period = args.file_match?.enabled ? args.file_match.sync_period : lookMs;
    this.#timer = setInterval(() => void this.#look(), period);
    void this.#look();
  }

  #newTargets(args: Args): FileTargets {
    const { shared, id } = this.#context;
    const { decompression, file_watch: watch } = args;
    return new FileTargets({
      config: {
        job: id,
        encoding: args.encoding || undefined,
        decompression: decompression?.enabled
          ? { format: decompression.format, initialDelayMs: decompression.initial_delay }
          : undefined,
        minPollMs: watch?.min_poll_frequency ?? 250,
        maxPollMs: watch?.max_poll_frequency ?? 250,
        syncPeriodMs: args.file_match?.sync_period ?? lookMs,
        fromEnd: args.tail_from_end,
      },
      relabelRules: [],
      positions: this.#positions.positions,
      fileEvents: this.#fileEvents,
      targetEvents: new TargetEvents(new Registry()),
      reader: shared.reader,
      scanner: shared.scanner,
      clock: shared.clock,
      outlet: this.#receiver,
    });
  }

  async #look(): Promise<void> {
    const { targets: wanted, file_match: match } = this.#args!;
    this.#targets!.discovered(match?.enabled ? wanted.map(recentOnly(match.ignore_older_than)) : wanted.map(literally));
    await this.#targets!.sync();
  }

  get directories(): ReadonlySet<string> {
    return this.#targets?.directories ?? new Set();
  }

  namesChanged(directory: string): void {
    if (!this.directories.has(directory)) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#look();
    }, 50);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.#context.shared.unwatch(this);
    this.#context.shared.reading.delete(this.#context.id);
    this.#targets?.stop();
    await this.#positions.close();
    this.#forgetMetrics();
  }
}

/** A path that is no pattern, whatever signs it has. */
const literally = (target: Target): Target =>
  new Map(target).set("__path__", (target.get("__path__") ?? "").replace(/[\\*?[\]{}]/g, "\\$&"));

/** A pattern stays; a single file that is too old is left out by a pattern that matches nothing. */
const recentOnly =
  (oldestMs: number) =>
  (target: Target): Target => {
    const path = target.get("__path__") ?? "";
    if (oldestMs === 0 || !existsSync(path) || Date.now() - statSync(path).mtimeMs <= oldestMs) return target;
    return new Map(target).set("__path__", "");
  };

export const lokiSourceFile: ComponentKind<Shared, Args> = {
  name: "loki.source.file",
  role: "source",
  schema: sourceSchema,
  create: (context) => new LokiSourceFile(context),
};
