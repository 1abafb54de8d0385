import type { AlloyValue, Scope } from "@ratatosk/alloy-syntax";
import type { Logger } from "@ratatosk/observability";
import type { ComponentKind } from "../component.ts";
import type { Schema } from "../schema.ts";
import type { Declaration, Lookup, Unit } from "./declaration.ts";

/** A module inside of another: a custom component, a turn of a loop, an imported file. */
export interface InnerModule {
  load(units: readonly Unit[]): void;
  /** Evaluates again what depends on the module's arguments. */
  refresh(): void;
  check(): void;
  start(): Promise<void>;
  stop(role: "source" | "processor" | "writer"): Promise<void>;
  lookup(kind: string): Declaration | undefined;
  readonly exports: ReadonlyMap<string, AlloyValue>;
  readonly health: readonly string[];
}

/** What a module stands in. */
export interface Surroundings {
  /** Kinds of components by name. */
  readonly kinds: ReadonlyMap<string, ComponentKind<unknown>>;
  /** Blocks that configure the process, at the top level only, and who is told. */
  readonly settings: ReadonlyMap<string, Setting>;
  readonly shared: unknown;
  readonly log: Logger;
  /** Begins the ids of this module's components: `tagger.t/`. */
  readonly prefix: string;
  readonly isExperimental: boolean;
  /** Names that mean something from outside: the loop's variable, components around a loop. */
  readonly outer: Scope;
  /** True for an id around a loop. */
  readonly hasOuter: (id: string) => boolean;
  /** The arguments a custom component was given; undefined elsewhere. */
  readonly args: ReadonlyMap<string, AlloyValue> | undefined;
  readonly lookup: Lookup;
  readonly modulePath: string;
  /** Declarations that are being expanded, outermost first. */
  readonly expanding: readonly Declaration[];
  readonly newModule: (around: Surroundings) => InnerModule;
  /** Told when the module's exports have changed. */
  readonly exported: () => void;
}

export interface Setting {
  readonly schema: Schema<never>;
  readonly apply: (args: never) => void;
  /** Accepted, without effect: whoever gives it is told. */
  readonly isIdle?: boolean;
}
