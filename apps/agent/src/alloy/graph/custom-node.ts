import type { AlloyValue, Block, Scope } from "@ratatosk/alloy-syntax";
import { type Body, equalBodies, evaluateBody, PlaceError } from "../body.ts";
import { unknownBlock } from "../components/unsupported.ts";
import { type Declaration, type Unit, unitsOf } from "./declaration.ts";
import type { GraphNode } from "./node.ts";
import type { InnerModule, Surroundings } from "./surroundings.ts";

/** A component that was declared: a module of its own, with arguments and exports. */
export class CustomNode implements GraphNode {
  readonly id: string;
  unit: Unit;
  readonly #around: Surroundings;
  readonly #published: () => void;
  readonly #args = new Map<string, AlloyValue>();
  #declaration: Declaration | undefined;
  #module: InnerModule | undefined;
  #body: Body | undefined;
  #isStarted = false;

  constructor(id: string, unit: Unit, around: Surroundings, published: () => void) {
    this.id = id;
    this.unit = unit;
    this.#around = around;
    this.#published = published;
  }

  get exports(): AlloyValue | undefined {
    return this.#module?.exports;
  }

  evaluate(scope: Scope): boolean {
    const { block } = this.unit;
    const declaration = this.#around.lookup(block.name);
    if (declaration === undefined) throw new PlaceError(block.nameSpan, unknownBlock(block.name));
    if (this.#around.expanding.some((outer) => outer.block === declaration.block))
      throw new PlaceError(block.nameSpan, `cycle: declare.${declaration.name} uses itself`);
    const body = evaluateBody(block.body, scope);
    const isSame = declaration === this.#declaration;
    if (isSame && this.#body !== undefined && equalBodies(body, this.#body)) return false;
    checkArguments(block, body, declaration);
    this.#args.clear();
    for (const [name, { value }] of body.attributes) this.#args.set(name, value);
    if (isSame && this.#module) this.#module.refresh();
    else this.#build(declaration);
    this.#body = body;
    return true;
  }

  #build(declaration: Declaration): void {
    const { lookup, modulePath, file, block } = declaration;
    const before = this.#module;
    const module = this.#around.newModule({
      ...this.#around,
      settings: new Map(),
      prefix: `${this.#around.prefix}${this.id}/`,
      outer: () => undefined,
      hasOuter: () => false,
      args: this.#args,
      lookup,
      modulePath,
      expanding: [...this.#around.expanding, declaration],
      exported: this.#published,
    });
    module.load(unitsOf(block, file));
    this.#module = module;
    this.#declaration = declaration;
    if (this.#isStarted) void this.#replace(before, module);
  }

  async #replace(before: InnerModule | undefined, module: InnerModule): Promise<void> {
    for (const role of ["source", "processor", "writer"] as const) await before?.stop(role);
    await module.start();
    this.#published();
  }

  check(): void {
    this.#module?.check();
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    await this.#module?.start();
  }

  async stop(role: "source" | "processor" | "writer"): Promise<void> {
    await this.#module?.stop(role);
  }

  get health(): string[] {
    return (this.#module?.health ?? []).map((trouble) => `${this.id}/${trouble}`);
  }
}

/** What is given must have been declared, and what is required must be given. */
function checkArguments(block: Block, body: Body, declaration: Declaration): void {
  const specs = new Map<string, boolean>();
  for (const statement of declaration.block.body) {
    if (statement.kind !== "block" || statement.name !== "argument" || statement.label === undefined) continue;
    const optional = statement.body.find((one) => one.kind === "attribute" && one.name === "optional");
    const isOptional =
      optional?.kind === "attribute" && optional.value.kind === "literal" && optional.value.value === true;
    specs.set(statement.label, isOptional);
  }
  for (const [name, { source }] of body.attributes)
    if (!specs.has(name)) throw new PlaceError(source.nameSpan, `unrecognized attribute name ${JSON.stringify(name)}`);
  for (const { name, source } of body.blocks)
    throw new PlaceError(source.nameSpan, `unrecognized block name ${JSON.stringify(name)}`);
  for (const [name, isOptional] of specs)
    if (!isOptional && !body.attributes.has(name))
      throw new PlaceError(block.nameSpan, `missing required argument ${JSON.stringify(name)} to module`);
}
