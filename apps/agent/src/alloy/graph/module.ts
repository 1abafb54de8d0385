import {
  AlloyError,
  type AlloyFile,
  type AlloyValue,
  type Diagnostic,
  EvaluationError,
  type Scope,
} from "@ratatosk/alloy-syntax";
import { PlaceError } from "../body.ts";
import { unknownBlock } from "../components/unsupported.ts";
import { standardLibrary } from "../library/standard-library.ts";
import { ComponentNode } from "./component-node.ts";
import { CustomNode } from "./custom-node.ts";
import type { Declaration, Unit } from "./declaration.ts";
import { ForeachNode } from "./foreach-node.ts";
import { ImportNode } from "./import-node.ts";
import { ArgumentNode, DeclareNode, ExportNode, SettingNode } from "./module-nodes.ts";
import type { GraphNode } from "./node.ts";
import { topologicalOrder } from "./order.ts";
import { type Reference, referencesOf, targetOf } from "./references.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * A set of blocks that refer to each other: a configuration, or the inside of a custom component. When a block publishes
 * other exports, those that depend on it are evaluated again.
 */
export class Module {
  readonly #around: Surroundings;
  #nodes = new Map<string, GraphNode>();
  #order: GraphNode[] = [];
  #edges = new Map<string, Set<string>>();
  readonly #changed = new Set<string>();
  #isScheduled = false;
  #isStarted = false;
  #isLoading = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Takes blocks in place of the ones before; those of the same id and kind go on. Throws an AlloyError. */
  load(units: readonly Unit[]): void {
    const before = this.#nodes;
    const nodes = this.#register(units, before);
    const edges = this.#connect(nodes);
    const order = topologicalOrder(nodes, edges);
    this.#nodes = nodes;
    this.#edges = edges;
    this.#order = order;
    this.#isLoading = true;
    try {
      this.#evaluateAll();
    } finally {
      this.#isLoading = false;
    }
  }

  /** Blocks by id; one that was there before under the same id and kind is kept. */
  #register(units: readonly Unit[], before: ReadonlyMap<string, GraphNode>): Map<string, GraphNode> {
    const nodes = new Map<string, GraphNode>();
    const diagnostics: Diagnostic[] = [];
    for (const unit of units) {
      try {
        const node = this.#node(unit, before);
        const twin = nodes.get(node.id);
        if (twin) {
          const { line, column } = twin.unit.block.span.start;
          throw new PlaceError(
            unit.block.nameSpan,
            `block ${node.id} already declared at ${twin.unit.file.name}:${line}:${column}`,
          );
        }
        nodes.set(node.id, node);
      } catch (error) {
        diagnostics.push(...diagnosticsOf(error, unit));
      }
    }
    if (diagnostics.length > 0) throw new AlloyError(diagnostics);
    return nodes;
  }

  #node(unit: Unit, before: ReadonlyMap<string, GraphNode>): GraphNode {
    const { block } = unit;
    const { name, label } = block;
    const setting = this.#around.settings.get(name);
    if (setting) {
      if (label !== undefined)
        throw new PlaceError(block.nameSpan, `block ${JSON.stringify(name)} does not support specifying labels`);
      return new SettingNode(unit, setting, this.#around.log);
    }
    if (label === undefined)
      throw new PlaceError(
        block.nameSpan,
        this.#isKnown(name) ? `block ${JSON.stringify(name)} requires non-empty label` : unknownBlock(name),
      );
    const id = `${name}.${label}`;
    switch (name) {
      case "declare":
        return new DeclareNode(id, unit, {
          name: label,
          lookup: (kind) => this.lookup(kind),
          modulePath: this.#around.modulePath,
        });
      case "argument":
      case "export":
        if (this.#around.args === undefined)
          throw new PlaceError(block.nameSpan, `${name} blocks only allowed inside a module`);
        return name === "argument" ? new ArgumentNode(id, unit, this.#around.args) : new ExportNode(id, unit);
      case "import.file":
      case "import.string":
        return new ImportNode(id, unit, this.#around, () => this.#published(id));
      case "foreach":
        return new ForeachNode(id, unit, this.#around, {
          lookup: (kind) => this.lookup(kind),
          has: (other) => this.#nodes.has(other),
        });
      default:
        return this.#component(id, unit, before.get(id));
    }
  }

  #component(id: string, unit: Unit, known: GraphNode | undefined): GraphNode {
    const { name } = unit.block;
    const kind = this.#around.kinds.get(name);
    if (kind !== undefined) {
      if (!(known instanceof ComponentNode))
        return new ComponentNode(id, unit, kind, this.#around, () => this.#published(id));
      known.unit = unit;
      return known;
    }
    if (known instanceof CustomNode) {
      known.unit = unit;
      return known;
    }
    return new CustomNode(id, unit, { ...this.#around, lookup: (one) => this.lookup(one) }, () => this.#published(id));
  }

  #isKnown(name: string): boolean {
    return (
      this.#around.kinds.has(name) ||
      ["declare", "argument", "export", "foreach", "import.file", "import.string"].includes(name)
    );
  }

  /** The declaration of a kind, here or around. */
  lookup(kind: string): Declaration | undefined {
    const own = this.#nodes.get(`declare.${kind}`);
    if (own instanceof DeclareNode) return own.declaration;
    const [namespace, ...rest] = kind.split(".");
    for (const type of ["file", "string"]) {
      const imported = this.#nodes.get(`import.${type}.${namespace}`);
      if (imported instanceof ImportNode) return imported.lookup(rest.join("."));
    }
    return this.#around.lookup(kind);
  }

  /** Which block needs which. Throws where one refers to what is not there. */
  #connect(nodes: ReadonlyMap<string, GraphNode>): Map<string, Set<string>> {
    const edges = new Map<string, Set<string>>();
    const diagnostics: Diagnostic[] = [];
    for (const node of nodes.values()) {
      const needs = new Set(node.needs?.filter((id) => nodes.has(id)));
      const [namespace] = node.unit.block.name.split(".");
      for (const type of ["file", "string"])
        if (nodes.has(`import.${type}.${namespace}`)) needs.add(`import.${type}.${namespace}`);
      edges.set(node.id, needs);
      if (node instanceof DeclareNode) continue;
      for (const reference of referencesOf(node.unit.block)) {
        const target = targetOf(reference, (id) => nodes.has(id));
        if (target !== undefined) needs.add(target);
        else if (this.#isDangling(reference, node)) diagnostics.push(...dangling(reference, node));
      }
    }
    if (diagnostics.length > 0) throw new AlloyError(diagnostics);
    return edges;
  }

  /** A chain of names that begins like a component's and leads nowhere. */
  #isDangling(reference: Reference, node: GraphNode): boolean {
    const [first] = reference.names;
    if (reference.names.length < 2 || node instanceof ForeachNode) return false;
    if (targetOf(reference, this.#around.hasOuter) !== undefined) return false;
    return this.#known(first!) === undefined;
  }

  #known(name: string): AlloyValue | undefined {
    if (name === "module_path") return this.#around.modulePath;
    return this.#around.outer(name) ?? standardLibrary(name);
  }

  /** What a name means in this module. */
  readonly scope: Scope = (name) => {
    const own = this.#exportsUnder(name);
    return own ?? this.#known(name);
  };

  /** The exports of blocks whose ids begin with a name, as nested objects. */
  #exportsUnder(name: string): AlloyValue | undefined {
    const root = new Map<string, AlloyValue>();
    for (const { id, exports } of this.#nodes.values()) {
      if (exports === undefined || !id.startsWith(`${name}.`)) continue;
      const path = id.split(".").slice(1);
      let at = root;
      for (const part of path.slice(0, -1)) {
        const next = at.get(part) as Map<string, AlloyValue> | undefined;
        if (next === undefined) at.set(part, new Map());
        at = at.get(part) as Map<string, AlloyValue>;
      }
      at.set(path.at(-1)!, exports);
    }
    return root.size === 0 ? undefined : root;
  }

  #evaluateAll(): void {
    const diagnostics: Diagnostic[] = [];
    const failed = new Set<string>();
    for (const node of this.#order) {
      if ([...this.#edges.get(node.id)!].some((id) => failed.has(id))) {
        failed.add(node.id);
        continue;
      }
      try {
        node.evaluate(this.scope);
      } catch (error) {
        failed.add(node.id);
        diagnostics.push(...diagnosticsOf(error, node.unit));
      }
    }
    if (diagnostics.length > 0) throw new AlloyError(diagnostics);
  }

  #published(id: string): void {
    if (this.#isLoading || !this.#isStarted) return;
    this.#changed.add(id);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#reevaluate();
    });
  }

  /** Evaluates what depends on changed blocks, in order; a block that fails keeps what it had. */
  #reevaluate(): void {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    for (const node of this.#order) {
      if (![...this.#edges.get(node.id)!].some((id) => changed.has(id))) continue;
      try {
        if (node.evaluate(this.scope)) changed.add(node.id);
      } catch (error) {
        const [diagnostic] = diagnosticsOf(error, node.unit);
        this.#around.log.error(
          { component_id: this.#around.prefix + node.id, error: diagnostic?.message },
          "cannot evaluate again, going on as before",
        );
      }
    }
    this.#around.exported();
  }

  /** Evaluates again what depends on the module's arguments. */
  refresh(): void {
    for (const { id } of this.#order) if (id.startsWith("argument.")) this.#changed.add(id);
    for (const node of this.#order) if (node instanceof ArgumentNode) node.evaluate(this.scope);
    this.#reevaluate();
  }

  /** What the module's export blocks say. */
  get exports(): ReadonlyMap<string, AlloyValue> {
    const found = new Map<string, AlloyValue>();
    for (const node of this.#order) if (node instanceof ExportNode) found.set(node.name, node.value);
    return found;
  }

  /** What only a configuration that is run must fulfil. Throws an AlloyError. */
  check(): void {
    const diagnostics: Diagnostic[] = [];
    for (const node of this.#order) {
      try {
        node.check?.();
      } catch (error) {
        diagnostics.push(...diagnosticsOf(error, node.unit));
      }
    }
    if (diagnostics.length > 0) throw new AlloyError(diagnostics);
  }

  /** Starts what is not started yet, receivers before those that send to them. One that cannot start is unhealthy. */
  /** Starts each block once those are started that it needs: they wait for disks together. */
  async start(): Promise<void> {
    this.#isStarted = true;
    const started = new Map<string, Promise<void>>();
    for (const node of this.#order) {
      const needed = this.neededBy(node.id).flatMap((id) => started.get(id) ?? []);
      started.set(
        node.id,
        Promise.all(needed)
          .then(() => node.start?.())
          .catch((error: unknown) =>
            this.#around.log.error({ err: error, component_id: this.#around.prefix + node.id }, "cannot start"),
          ),
      );
    }
    await Promise.all(started.values());
  }

  async stop(role: "source" | "processor" | "writer"): Promise<void> {
    await Promise.all(this.#order.toReversed().map(async (node) => node.stop?.(role)));
  }

  /** Stops blocks of an earlier configuration that this one has no longer. */
  leaving(before: readonly GraphNode[]): GraphNode[] {
    return before.filter((node) => this.#nodes.get(node.id) !== node);
  }

  /** Ids that a block refers to. */
  neededBy(id: string): string[] {
    return [...(this.#edges.get(id) ?? [])];
  }

  get nodes(): readonly GraphNode[] {
    return this.#order;
  }

  get health(): string[] {
    return this.#order.flatMap((node) => node.health);
  }
}

function dangling({ names, span }: Reference, { unit }: GraphNode): Diagnostic[] {
  const message = `component ${JSON.stringify(names.join("."))} does not exist or is out of scope`;
  return [{ message, span, file: unit.file.name, source: unit.file.source }];
}

/** An error with its place; one that is no error of the configuration is thrown on. */
export function diagnosticsOf(error: unknown, { file }: { readonly file: AlloyFile }): readonly Diagnostic[] {
  if (error instanceof AlloyError) return error.diagnostics;
  if (!(error instanceof PlaceError) && !(error instanceof EvaluationError)) throw error;
  return [{ message: error.message, span: error.span, file: file.name, source: file.source }];
}
