import { AlloyError, type Diagnostic } from "@ratatosk/alloy-syntax";
import type { GraphNode } from "./node.ts";

/** Blocks so that each comes behind what it needs. Throws an AlloyError for a cycle, naming its blocks. */
export function topologicalOrder(
  nodes: ReadonlyMap<string, GraphNode>,
  edges: ReadonlyMap<string, ReadonlySet<string>>,
): GraphNode[] {
  const order: GraphNode[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): void => {
    if (done.has(id)) return;
    const at = path.indexOf(id);
    if (at >= 0) throw new AlloyError([cycle([...path.slice(at), id])]);
    path.push(id);
    for (const needed of edges.get(id) ?? []) visit(needed);
    path.pop();
    done.add(id);
    order.push(nodes.get(id)!);
  };
  for (const id of nodes.keys()) visit(id);
  return order;
}

const cycle = (ids: readonly string[]): Diagnostic => ({ message: `cycle: ${ids.join(", ")}` });
