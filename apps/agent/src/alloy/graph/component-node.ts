import type { AlloyValue, Scope } from "@ratatosk/alloy-syntax";
import type { Logger } from "@ratatosk/observability";
import { type Body, equalBodies, evaluateBody, PlaceError } from "../body.ts";
import type { Component, ComponentKind, Exports } from "../component.ts";
import { decodeBody, idleSettings } from "../schema.ts";
import type { Unit } from "./declaration.ts";
import type { GraphNode } from "./node.ts";
import type { Surroundings } from "./surroundings.ts";

type Kind = ComponentKind<unknown>;

/** A component of the graph. It keeps its last good arguments where new ones are wrong. */
export class ComponentNode implements GraphNode {
  readonly id: string;
  readonly kind: Kind;
  unit: Unit;
  readonly #component: Component<never>;
  #body: Body | undefined;
  #exports: Exports | undefined;
  #trouble: string | undefined;
  readonly #log: Logger;
  readonly #told = new Set<string>();

  constructor(id: string, unit: Unit, kind: Kind, around: Surroundings, published: () => void) {
    if (kind.isExperimental && !around.isExperimental)
      throw new PlaceError(
        unit.block.nameSpan,
        `${kind.name} is experimental: it needs --stability.level=experimental`,
      );
    this.id = id;
    this.unit = unit;
    this.kind = kind;
    const fullId = around.prefix + id;
    this.#log = around.log.child({ component_id: fullId });
    this.#component = kind.create({
      id: fullId,
      shared: around.shared,
      log: this.#log,
      publish: (exports) => {
        this.#exports = exports;
        published();
      },
    });
  }

  get exports(): AlloyValue | undefined {
    return this.#exports;
  }

  evaluate(scope: Scope): boolean {
    const { block } = this.unit;
    const body = evaluateBody(block.body, scope);
    if (this.#body !== undefined && equalBodies(body, this.#body)) return false;
    const args = decodeBody(body, this.kind.schema, block.nameSpan);
    this.#guard(() => this.#component.update(args));
    this.#tellIdle(body);
    this.#body = body;
    this.#trouble = undefined;
    return true;
  }

  #tellIdle(body: Body): void {
    for (const setting of idleSettings(body, this.kind.schema)) {
      if (this.#told.has(setting)) continue;
      this.#told.add(setting);
      this.#log.warn({ setting }, "this setting has no effect in this agent");
    }
  }

  check(): void {
    this.#guard(() => this.#component.check?.());
  }

  /** What a component finds wrong concerns the whole block, unless it knows better. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof PlaceError) throw error;
      this.#trouble = (error as Error).message;
      throw new PlaceError(this.unit.block.nameSpan, this.#trouble);
    }
  }

  async start(): Promise<void> {
    try {
      await this.#component.start?.();
    } catch (error) {
      this.#trouble = (error as Error).message;
      throw error;
    }
  }

  async stop(role: "source" | "processor" | "writer"): Promise<void> {
    if (role === this.kind.role) await this.#component.stop?.();
  }

  get health(): string[] {
    const trouble = this.#trouble ?? this.#component.unhealthy;
    return trouble === undefined ? [] : [`${this.id}: ${trouble}`];
  }
}
