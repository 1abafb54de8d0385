import type { AlloyValue, Scope } from "@ratatosk/alloy-syntax";
import type { Logger } from "@ratatosk/observability";
import { evaluateBody } from "../body.ts";
import { anything, boolean, text } from "../decode.ts";
import { decodeBody, idleSettings, maybe, optional, required, schema } from "../schema.ts";
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
  readonly #log: Logger;

  constructor(unit: Unit, setting: Setting, log: Logger) {
    this.id = unit.block.name;
    this.unit = unit;
    this.#setting = setting;
    this.#log = log;
  }

  evaluate(scope: Scope): boolean {
    const { block } = this.unit;
    const { schema: known, apply, isIdle } = this.#setting;
    const body = evaluateBody(block.body, scope);
    apply(decodeBody(body, known, block.nameSpan));
    const idle = isIdle === true ? [this.id] : idleSettings(body, known, `${this.id}.`);
    for (const setting of idle) this.#log.warn({ setting }, "this setting has no effect in this agent");
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
