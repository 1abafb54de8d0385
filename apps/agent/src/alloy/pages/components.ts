import { type AlloyValue, isList, isObject, printExpr, Secret, type Statement } from "@ratatosk/alloy-syntax";
import { ComponentNode } from "../graph/component-node.ts";
import { CustomNode } from "../graph/custom-node.ts";
import type { Module } from "../graph/module.ts";
import type { GraphNode } from "../graph/node.ts";

interface ComponentInfo {
  readonly name: string;
  readonly type: "block";
  readonly localID: string;
  readonly moduleID: string;
  readonly label: string;
  readonly referencesTo: readonly string[];
  readonly referencedBy: readonly string[];
  readonly health: { readonly state: "healthy" | "unhealthy"; readonly message: string };
}

const isComponent = (node: GraphNode): boolean => node instanceof ComponentNode || node instanceof CustomNode;

/** The components of a module, as the interface shows them. */
export function componentList(module: Module): ComponentInfo[] {
  return module.nodes.filter(isComponent).map((node) => infoOf(node, module));
}

function infoOf(node: GraphNode, module: Module): ComponentInfo {
  const others = new Set(module.nodes.filter(isComponent).map(({ id }) => id));
  const [trouble] = node.health;
  return {
    name: node.unit.block.name,
    type: "block",
    localID: node.id,
    moduleID: "",
    label: node.unit.block.label ?? "",
    referencesTo: module.neededBy(node.id).filter((id) => others.has(id)),
    referencedBy: [...others].filter((id) => module.neededBy(id).includes(node.id)),
    health: { state: trouble === undefined ? "healthy" : "unhealthy", message: trouble ?? "" },
  };
}

/** One component with its arguments, as they are written but for secrets, and its exports. */
export function componentDetail(module: Module, id: string): unknown {
  const node = module.nodes.find((one) => one.id === id && isComponent(one));
  if (node === undefined) return undefined;
  return {
    ...infoOf(node, module),
    arguments: node.unit.block.body.map(shown),
    exports: shownValue(node.exports ?? null),
  };
}

const hidden = /password|secret|token|credentials|key_pem/;

function shown(statement: Statement): unknown {
  if (statement.kind === "block")
    return { name: statement.name, type: "block", label: statement.label ?? "", body: statement.body.map(shown) };
  const isSecret = hidden.test(statement.name) && !statement.name.endsWith("_file");
  return { name: statement.name, type: "attr", value: isSecret ? "(secret)" : printExpr(statement.value) };
}

function shownValue(value: AlloyValue): unknown {
  if (isList(value)) return value.map(shownValue);
  if (isObject(value)) return Object.fromEntries(Array.from(value, ([key, one]) => [key, shownValue(one)]));
  if (value instanceof Secret) return "(secret)";
  return typeof value === "bigint" ? Number(value) : typeof value === "object" && value !== null ? "(capsule)" : value;
}
