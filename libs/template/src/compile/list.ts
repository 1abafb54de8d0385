import type { Functions } from "../function.ts";
import { breaks, continues, type Evaluate, type Execution, maxDepth, onward, type Run } from "../execution.ts";
import { printValue } from "../format/print.ts";
import type { Branch, Node } from "../parse/tree.ts";
import { isDict, isList, isTrue, type Value } from "../value.ts";
import { compilePipe } from "./pipe.ts";
import { Scope } from "./scope.ts";

/** What the nodes of one template may refer to. */
export interface Surroundings {
  readonly functions: Functions;
  /** The compiled template of a name; looked up when it runs, as templates may call each other. */
  readonly template: (name: string) => Run | undefined;
}

/** A list of nodes, run one after the other. */
export function compileList(nodes: readonly Node[], scope: Scope, around: Surroundings): Run {
  const runs = nodes.map((node) => compileNode(node, scope, around));
  if (runs.length === 1) return runs[0]!;
  return (execution, dot) => {
    for (const run of runs) {
      const flow = run(execution, dot);
      if (flow !== onward) return flow;
    }
    return onward;
  };
}

function compileNode(node: Node, scope: Scope, around: Surroundings): Run {
  switch (node.kind) {
    case "text":
      return (execution) => {
        execution.write(node.text);
        return onward;
      };
    case "action":
      return compileAction(node, scope, around);
    case "if":
    case "with":
      return compileCondition(node, scope, around);
    case "range":
      return compileRange(node, scope, around);
    case "template":
      return compileTemplateCall(node, scope, around);
    case "break":
      return () => breaks;
    case "continue":
      return () => continues;
  }
}

function compileAction(node: Extract<Node, { kind: "action" }>, scope: Scope, { functions }: Surroundings): Run {
  const { evaluate } = compilePipe(node.pipe, scope, functions);
  const prints = node.pipe.variables.length === 0;
  return (execution, dot) => {
    execution.node = node;
    const value = evaluate(execution, dot);
    if (prints) execution.write(typeof value === "string" ? value : printValue(value));
    return onward;
  };
}

function compileCondition(node: Branch, outer: Scope, around: Surroundings): Run {
  const scope = outer.inner();
  const { evaluate } = compilePipe(node.pipe, scope, around.functions);
  const body = compileList(node.body, scope.inner(), around);
  const otherwise = node.otherwise && compileList(node.otherwise, scope.inner(), around);
  const rebinds = node.kind === "with";
  return (execution, dot) => {
    execution.node = node;
    const value = evaluate(execution, dot);
    if (isTrue(value)) return body(execution, rebinds ? value : dot);
    return otherwise ? otherwise(execution, dot) : onward;
  };
}

function compileRange(node: Branch, outer: Scope, around: Surroundings): Run {
  const scope = outer.inner();
  const { evaluate, slots } = compilePipe(node.pipe, scope, around.functions, false);
  const turn = compileTurn(slots, compileList(node.body, scope.inner(), around));
  const otherwise = node.otherwise && compileList(node.otherwise, scope.inner(), around);
  return (execution, dot) => {
    execution.node = node;
    const value = evaluate(execution, dot);
    const turns = eachTurn(execution, value, turn);
    return turns === 0 && otherwise ? otherwise(execution, dot) : onward;
  };
}

/** One turn of a loop; false ends it. */
type Turn = (execution: Execution, key: Value, value: Value) => boolean;

function compileTurn(slots: readonly number[], body: Run): Turn {
  const [first, second] = slots;
  return (execution, key, value) => {
    execution.step();
    if (second !== undefined) {
      execution.variables[first!] = key;
      execution.variables[second] = value;
    } else if (first !== undefined) execution.variables[first] = value;
    return body(execution, value) !== breaks;
  };
}

/** Takes a turn per element; returns how many elements there were. */
function eachTurn(execution: Execution, value: Value, turn: Turn): number {
  if (isList(value)) {
    for (let at = 0; at < value.length; at++) if (!turn(execution, BigInt(at), value[at])) break;
    return value.length;
  }
  if (isDict(value)) {
    for (const key of [...value.keys()].sort()) if (!turn(execution, key, value.get(key))) break;
    return value.size;
  }
  if (typeof value === "bigint") {
    for (let at = 0n; at < value; at++) if (!turn(execution, at, at)) break;
    return value > 0n ? 1 : 0;
  }
  if (value === undefined) return 0;
  throw new Error(`range can't iterate over ${printValue(value)}`);
}

function compileTemplateCall(
  node: Extract<Node, { kind: "template" }>,
  scope: Scope,
  { functions, template }: Surroundings,
): Run {
  const data: Evaluate = node.pipe ? compilePipe(node.pipe, scope, functions).evaluate : () => undefined;
  return (execution, dot) => {
    execution.node = node;
    const run = template(node.name);
    if (run === undefined) throw new Error(`template ${JSON.stringify(node.name)} not defined`);
    if (execution.depth >= maxDepth) throw new Error(`exceeded maximum template depth (${maxDepth})`);
    callTemplate(execution, node.name, run, data(execution, dot));
    return onward;
  };
}

function callTemplate(execution: Execution, name: string, run: Run, data: Value): void {
  const { template, variables } = execution;
  execution.step();
  execution.depth++;
  execution.template = name;
  execution.variables = [data];
  run(execution, data);
  execution.variables = variables;
  execution.template = template;
  execution.depth--;
}

/** The body of a whole template, where `$` is its data. */
export const compileTemplate = (nodes: readonly Node[], around: Surroundings): Run =>
  compileList(nodes, new Scope(), around);
