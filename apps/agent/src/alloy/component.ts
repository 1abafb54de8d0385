import type { AlloyValue } from "@ratatosk/alloy-syntax";
import type { Logger } from "@ratatosk/observability";
import type { Schema } from "./schema.ts";

export type Exports = ReadonlyMap<string, AlloyValue>;

/** A piece of a configuration that does something: it is made of its arguments, started, given others, stopped. */
export interface Component<T> {
  /** What it is to do from now on; called first before `start`. Throws where that cannot be. */
  update(args: T): void;
  /** What only a configuration that is run must fulfil. Throws. */
  check?(): void;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** Why it does not work, if it does not. */
  readonly unhealthy?: string | undefined;
}

/** A kind of component: `loki.process`. `S` is what all components share. */
export interface ComponentKind<S, T = never> {
  readonly name: string;
  readonly schema: Schema<T>;
  create(context: ComponentContext<S>): Component<T>;
  /** Needs `--stability.level=experimental`. */
  readonly isExperimental?: boolean;
  /** When components stop: sources before what they feed. */
  readonly role: "source" | "processor" | "writer";
}

export interface ComponentContext<S> {
  /** `loki.process.web`, inside of custom components `tagger.t/loki.process.in`. */
  readonly id: string;
  readonly shared: S;
  readonly log: Logger;
  /** Says what others may refer to from now on. */
  readonly publish: (exports: Exports) => void;
}
