import type { Command, Node, Operand } from "./parse/tree.ts";
import type { Value } from "./value.ts";

/** Iterations of `range` and template calls one execution may make. */
const maxSteps = 1_000_000;
/** How deep templates may call each other. */
export const maxDepth = 500;

/** What one execution keeps: its output, its variables, its budget, and where it is, for messages. */
export class Execution {
  out = "";
  variables: Value[] = [];
  depth = 0;
  /** The template being executed and the node last looked at. */
  template: string;
  node: Node | Command | Operand | undefined;
  readonly maxOutput: number;
  #steps = 0;

  constructor(template: string, maxOutput: number, data: Value) {
    this.template = template;
    this.maxOutput = maxOutput;
    this.variables.push(data);
  }

  write(text: string): void {
    this.out += text;
    if (this.out.length > this.maxOutput)
      throw new Error(`the output exceeds the limit of ${this.maxOutput} characters`);
  }

  step(): void {
    if (++this.#steps > maxSteps) throw new Error(`the execution exceeds the limit of ${maxSteps} steps`);
  }
}

/** Runs a node; says whether a loop around it ends or goes on with its next turn. */
export type Run = (execution: Execution, dot: Value) => Flow;
export type Flow = 0 | 1 | 2;
export const onward = 0;
export const breaks = 1;
export const continues = 2;

/** Computes a value. */
export type Evaluate = (execution: Execution, dot: Value) => Value;
/** Computes the value of a pipeline's stage, given the value of the one before. */
export type Stage = (execution: Execution, dot: Value, piped: Value) => Value;
