import type { AlloyValue, Scope } from "@ratatosk/alloy-syntax";
import { evaluateBody } from "../body.ts";
import { anything, boolean, text } from "../decode.ts";
import { decodeBody, maybe, optional, required, schema } from "../schema.ts";
import type { Declaration, Unit } from "./declaration.ts";
import type { GraphNode } from "./node.ts";
import type { Setting } from "./surroundings.ts";

/** A block that configures the process: `logging`. */
export class SettingNode implements GraphNode {
  readonly id: string;
  readonly unit: Unit;
  readonly exports = undefined;
  readonly health = [];
  readonly #setting: Setting;

  constructor(unit: Unit, setting: Setting) {
    this.id = unit.block.name;
    this.unit = unit;
    this.#setting = setting;
  }

  evaluate(scope: Scope): boolean {
    const { block } = this.unit;
    this.#setting.apply(decodeBody(evaluateBody(block.body, scope), this.#setting.schema, block.nameSpan));
    return true;
  }
}

/** `declare "kind" { … }`: evaluated only where it is used. */
export class DeclareNode implements GraphNode {
  readonly id: string;
  readonly unit: Unit;
  readonly exports = undefined;
  readonly health = [];
  readonly declaration: Declaration;

  constructor(id: string, unit: Unit, declaration: Pick<Declaration, "name" | "lookup" | "modulePath">) {
    this.id = id;
    this.unit = unit;
    this.declaration = { ...unit, ...declaration };
  }

  evaluate(): boolean {
    return false;
  }
}

/** What an argument block of a custom component says. */
export const argumentSchema = schema({
  attributes: { optional: optional(boolean, false), default: maybe(anything), comment: maybe(text) },
});

/** `argument "n" { … }`; `argument.n.value` is what was given. */
export class ArgumentNode implements GraphNode {
  readonly id: string;
  readonly unit: Unit;
  readonly health = [];
  readonly #args: ReadonlyMap<string, AlloyValue>;
  #value: AlloyValue = null;

  constructor(id: string, unit: Unit, args: ReadonlyMap<string, AlloyValue>) {
    this.id = id;
    this.unit = unit;
    this.#args = args;
  }

  get exports(): AlloyValue {
    return new Map([["value", this.#value]]);
  }

  evaluate(scope: Scope): boolean {
    const { block } = this.unit;
    const spec = decodeBody(evaluateBody(block.body, scope), argumentSchema, block.nameSpan);
    this.#value = this.#args.get(block.label!) ?? spec.default ?? null;
    return true;
  }
}

const exportSchema = schema({ attributes: { value: required(anything) } });

/** `export "n" { value = … }` */
export class ExportNode implements GraphNode {
  readonly id: string;
  readonly unit: Unit;
  readonly exports = undefined;
  readonly health = [];
  value: AlloyValue = null;

  constructor(id: string, unit: Unit) {
    this.id = id;
    this.unit = unit;
  }

  get name(): string {
    return this.unit.block.label!;
  }

  evaluate(scope: Scope): boolean {
    const { block } = this.unit;
    this.value = decodeBody(evaluateBody(block.body, scope), exportSchema, block.nameSpan).value;
    return true;
  }
}
