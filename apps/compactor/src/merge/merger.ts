import { RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import type { Catalog } from "../catalog/catalog.ts";
import type { DayFiles } from "../catalog/index-file.ts";
import type { CompactorEvents } from "../events.ts";
import { type MergeRules, planMerge } from "./plan-merge.ts";
import { rewrite, type Rewrite, type RewriteModules, type Rewritten } from "./rewrite.ts";

export interface MergerModules {
  readonly objects: ObjectStore;
  readonly catalog: Catalog;
  readonly events: CompactorEvents;
  readonly segmentBytes: number;
  readonly blockBytes: number;
  /** Whether this compactor is still the one that works. */
  readonly isOurs: () => boolean;
}

/** Changes the index files of a day: merges them, or writes what a retention or deletion leaves of them. */
export class Merger {
  readonly #modules: MergerModules;
  /** Files that cannot become what they should, as their segments are damaged. */
  readonly #hopeless = new Set<string>();

  constructor(modules: MergerModules) {
    this.#modules = modules;
  }

  /** Merges what is to be merged of a day, as often as there is something. */
  async merge(files: DayFiles, rules: MergeRules, signal: AbortSignal): Promise<void> {
    const { catalog, events } = this.#modules;
    for (let now = files; ; now = await catalog.day(files.tenant, files.day)) {
      const plan = planMerge(now, rules);
      if (plan === undefined || plan.inputs.every(({ key }) => this.#hopeless.has(key))) return;
      const rewritten = await this.change(now, { ...plan, everything: true }, signal);
      if (rewritten === undefined) return;
      events.merged(now.tenant, now.day, plan.inputs.length, rewritten);
    }
  }

  /** Puts one index file in the place of some of a day; undefined where nothing changed. */
  async change(
    { tenant, day, dead }: DayFiles,
    change: Omit<Rewrite, "tenant" | "day" | "replaces">,
    signal: AbortSignal,
  ): Promise<Rewritten | undefined> {
    const { events } = this.#modules;
    const replaces = [...change.inputs, ...dead].map(({ key }) => key);
    try {
      const rewritten = await rewrite({ tenant, day, replaces, ...change }, this.#rewriting(signal));
      if (rewritten === undefined) for (const { key } of change.inputs) this.#hopeless.add(key);
      return rewritten;
    } catch (error) {
      if (!(error instanceof RatatoskError) || error.code !== "conflict") throw error;
      events.abandoned(tenant, day, error.message);
      return undefined;
    }
  }

  #rewriting(signal: AbortSignal): RewriteModules {
    const { objects, events, segmentBytes, blockBytes } = this.#modules;
    return {
      objects,
      segmentBytes,
      blockBytes,
      signal,
      confirm: (job, segments) =>
        this.#confirm(
          job,
          segments.map(({ key }) => key),
        ),
      damaged: (key, error) => events.damaged(key, error),
    };
  }

  /** Nobody else has changed the inputs meanwhile, or taken the segments for garbage. */
  async #confirm({ tenant, day, inputs }: Rewrite, segments: readonly string[]): Promise<void> {
    const { objects, catalog, isOurs } = this.#modules;
    if (!isOurs()) throw new RatatoskError("conflict", "the lease is lost");
    const live = new Set((await catalog.day(tenant, day)).live.map(({ key }) => key));
    for (const { key } of inputs) if (!live.has(key)) throw new RatatoskError("conflict", `${key} is replaced already`);
    const named = new Set(inputs.flatMap((input) => input.segments.map(({ key }) => key)));
    for (const key of segments)
      if (!named.has(key) && (await objects.stat(key)) === undefined)
        throw new RatatoskError("conflict", `segment ${key} is gone`);
  }
}
