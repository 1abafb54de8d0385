import type { AlloyValue, Scope } from "@ratatosk/alloy-syntax";
import type { Unit } from "./declaration.ts";

/** One block of a module with an id of its own. */
export interface GraphNode {
  readonly id: string;
  readonly unit: Unit;
  /** What others read under its id; undefined if nothing. */
  readonly exports: AlloyValue | undefined;
  /** Evaluates the block again; says whether it means something else than before. Throws. */
  evaluate(scope: Scope): boolean;
  check?(): void;
  start?(): Promise<void>;
  stop?(role: "source" | "processor" | "writer"): Promise<void>;
  /** Ids it needs besides those in its expressions. */
  readonly needs?: readonly string[];
  /** Problems, one a line. */
  readonly health: readonly string[];
}
