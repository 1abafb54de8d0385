import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { AlloyValue } from "@ratatosk/alloy-syntax";
import { expandGlob, matchesGlob } from "../../files/glob.ts";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { duration, listOf, mapOf, text } from "../decode.ts";
import { optional, required, type Schema, schema } from "../schema.ts";
import type { NameWatcher, Shared } from "../shared.ts";

export const targets = listOf(mapOf(text));
export type Target = ReadonlyMap<string, string>;

const fileMatchSchema = schema({
  attributes: {
    path_targets: required(targets),
    sync_period: optional(duration, 10_000),
    ignore_older_than: optional(duration, 0),
  },
});

type Args = typeof fileMatchSchema extends Schema<infer T> ? T : never;

/** `local.file_match`: the files that patterns match, one target each. */
class LocalFileMatch implements Component<Args>, NameWatcher {
  readonly #context: ComponentContext<Shared>;
  readonly directories = new Set<string>();
  #args: Args | undefined;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #isStarted = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(context: ComponentContext<Shared>) {
    this.#context = context;
    context.publish(new Map([["targets", []]]));
  }

  update(args: Args): void {
    this.#args = args;
    if (this.#isStarted) void this.start();
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    clearInterval(this.#timer);
    this.#context.shared.watch(this);
    this.#timer = setInterval(() => void this.#look(), this.#args!.sync_period);
    await this.#look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.#context.shared.unwatch(this);
  }

  namesChanged(directory: string): void {
    if (!this.directories.has(directory)) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#look();
    }, 50);
  }

  #look(): Promise<void> {
    return (this.#looking = this.#looking.then(() => this.#find()));
  }

  async #find(): Promise<void> {
    const { path_targets: patterns, ignore_older_than: oldestMs } = this.#args!;
    const found = new Map<string, AlloyValue>();
    this.directories.clear();
    for (const target of patterns) {
      for (const path of await filesOf(target, this.directories)) {
        if (oldestMs > 0 && isOlder(path, oldestMs)) continue;
        const one = new Map<string, string>(target).set("__path__", path);
        one.delete("__path_exclude__");
        found.set(JSON.stringify([...one].sort(([a], [b]) => (a < b ? -1 : 1))), one);
      }
    }
    this.#context.publish(new Map([["targets", [...found.values()]]]));
  }
}

/** The files of a target's pattern; a directory that cannot be read has none. */
export async function filesOf(target: Target, directories: Set<string>): Promise<string[]> {
  const pattern = target.get("__path__");
  if (!pattern) return [];
  const found = await expandGlob(resolve(pattern), {
    onError: () => undefined,
    onDirectory: (path) => directories.add(resolve(path)),
  });
  const exclude = target.get("__path_exclude__");
  return exclude ? found.filter((path) => !matchesGlob(exclude, path)) : found;
}

const isOlder = (path: string, ms: number): boolean => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > ms;
};

export const localFileMatch: ComponentKind<Shared, Args> = {
  name: "local.file_match",
  role: "processor",
  schema: fileMatchSchema,
  create: (context) => new LocalFileMatch(context),
};
