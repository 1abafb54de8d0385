import { type AlloyValue, isObject, type Scope, Secret } from "@ratatosk/alloy-syntax";
import { createHash } from "node:crypto";
import { evaluateBody, PlaceError } from "../body.ts";
import { anything, boolean, listOf, text } from "../decode.ts";
import { toJson } from "../library/json.ts";
import { decodeBody, optional, required, schema } from "../schema.ts";
import { type Lookup, type Unit, unitsOf } from "./declaration.ts";
import type { GraphNode } from "./node.ts";
import type { InnerModule, Surroundings } from "./surroundings.ts";

const foreachSchema = schema({
  attributes: {
    collection: required(listOf(anything)),
    var: required(text),
    id: optional(text, ""),
    hash_string_id: optional(boolean, false),
    enable_metrics: optional(boolean, false),
  },
});

interface Turn {
  value: AlloyValue;
  readonly module: InnerModule;
}

/** `foreach "l" { collection = […], template { … } }`: the template's components once for each element. */
export class ForeachNode implements GraphNode {
  readonly id: string;
  readonly unit: Unit;
  readonly exports = undefined;
  readonly #around: Surroundings;
  readonly #module: { readonly lookup: Lookup; readonly has: (id: string) => boolean };
  readonly #turns = new Map<string, Turn>();
  #isStarted = false;

  constructor(id: string, unit: Unit, around: Surroundings, module: { lookup: Lookup; has: (id: string) => boolean }) {
    if (!around.isExperimental)
      throw new PlaceError(unit.block.nameSpan, "foreach is experimental: it needs --stability.level=experimental");
    this.id = id;
    this.unit = unit;
    this.#around = around;
    this.#module = module;
  }

  evaluate(scope: Scope): boolean {
    const { block, file } = this.unit;
    const own = block.body.filter((statement) => statement.kind === "attribute");
    const args = decodeBody(evaluateBody(own, scope), foreachSchema, block.nameSpan);
    const templates = block.body.filter((statement) => statement.kind === "block");
    const [template, second] = templates;
    if (template?.name !== "template" || second)
      throw new PlaceError(block.nameSpan, 'foreach takes exactly one block, "template"');
    const wanted = new Set<string>();
    for (const value of args.collection) {
      const key = turnKey(value, args.id, wanted);
      wanted.add(key);
      const turn = this.#turns.get(key);
      if (turn) turn.value = value;
      const { module } = turn ?? this.#add(key, value, args.var, scope);
      module.load(unitsOf(template, file));
      if (this.#isStarted) void module.start();
    }
    for (const [key, { module }] of this.#turns) if (!wanted.has(key)) this.#remove(key, module);
    return true;
  }

  #add(key: string, value: AlloyValue, variable: string, scope: Scope): Turn {
    const turn: Turn = {
      value,
      module: this.#around.newModule({
        ...this.#around,
        settings: new Map(),
        prefix: `${this.#around.prefix}${this.id}/${key}/`,
        outer: (name) => (name === variable ? turn.value : scope(name)),
        hasOuter: (id) => this.#module.has(id) || this.#around.hasOuter(id),
        lookup: this.#module.lookup,
        exported: () => undefined,
      }),
    };
    this.#turns.set(key, turn);
    return turn;
  }

  #remove(key: string, module: InnerModule): void {
    this.#turns.delete(key);
    void (async () => {
      for (const role of ["source", "processor", "writer"] as const) await module.stop(role);
    })();
  }

  check(): void {
    for (const { module } of this.#turns.values()) module.check();
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    for (const { module } of this.#turns.values()) await module.start();
  }

  async stop(role: "source" | "processor" | "writer"): Promise<void> {
    await Promise.all([...this.#turns.values()].map(({ module }) => module.stop(role)));
  }

  get health(): string[] {
    return [...this.#turns].flatMap(([key, { module }]) => module.health.map((one) => `${this.id}/${key}/${one}`));
  }
}

/** The same element keeps its components when the collection changes. */
function turnKey(value: AlloyValue, id: string, taken: ReadonlySet<string>): string {
  const named = id !== "" && isObject(value) ? value.get(id) : value;
  const plain = typeof named === "string" && /^[A-Za-z_]\w*$/.test(named) ? named : hash(named ?? null);
  let key = plain;
  for (let count = 2; taken.has(key); count++) key = `${plain}_${count}`;
  return key;
}

const hash = (value: AlloyValue): string =>
  createHash("sha256")
    .update(value instanceof Secret ? value.text : toJson(value))
    .digest("hex")
    .slice(0, 16);
