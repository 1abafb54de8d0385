import type { Functions } from "../function.ts";
import type { Evaluate, Stage } from "../execution.ts";
import { type Command, type Operand, type Pipe, printNode } from "../parse/tree.ts";
import { isTrue } from "../value.ts";
import { idealNumber } from "./argument.ts";
import { compileCall } from "./call.ts";
import { readPath } from "./field.ts";
import type { Scope } from "./scope.ts";

/** A pipeline whose value goes to its variables, if it has any. */
export interface CompiledPipe {
  readonly evaluate: Evaluate;
  /** The slots of the variables it declares or assigns. */
  readonly slots: readonly number[];
}

/** `$a := first | second …`; a range sets its variables itself, turn by turn. */
export function compilePipe(pipe: Pipe, scope: Scope, functions: Functions, setsVariables = true): CompiledPipe {
  const value = compileStages(pipe, scope, functions);
  const slots = pipe.variables.map((name) => (pipe.assigns ? scope.slot(name) : scope.declare(name)));
  const slot = slots[0];
  if (slot === undefined || !setsVariables) return { evaluate: value, slots };
  const evaluate: Evaluate = (execution, dot) => (execution.variables[slot] = value(execution, dot));
  return { evaluate, slots };
}

function compileStages(pipe: Pipe, scope: Scope, functions: Functions): Evaluate {
  const compiler = new StageCompiler(scope, functions);
  const [first, ...rest] = pipe.commands.map((command, at) => compiler.command(command, at > 0));
  if (rest.length === 0) return first as Evaluate;
  return (execution, dot) => {
    let value = first!(execution, dot, undefined);
    for (const stage of rest) value = stage(execution, dot, value);
    return value;
  };
}

class StageCompiler {
  readonly #scope: Scope;
  readonly #functions: Functions;

  constructor(scope: Scope, functions: Functions) {
    this.#scope = scope;
    this.#functions = functions;
  }

  command(command: Command, piped: boolean): Stage {
    const [head, ...operands] = command.operands as [Operand, ...Operand[]];
    switch (head.kind) {
      case "identifier":
        return this.#call(head, operands, command, piped);
      case "field":
      case "chain":
      case "variable":
        return this.#path(head, operands, piped);
      default:
        if (operands.length > 0 || piped)
          return this.#failing(head, `can't give argument to non-function ${printNode(head)}`);
        return head.kind === "nil" ? this.#failing(head, "nil is not a command") : this.operand(head);
    }
  }

  #failing(at: Operand, message: string): Stage {
    return (execution) => {
      execution.node = at;
      throw new Error(message);
    };
  }

  #call(head: Extract<Operand, { kind: "identifier" }>, operands: Operand[], command: Command, piped: boolean): Stage {
    const { name } = head;
    if (name === "and" || name === "or") return this.#shortCircuit(head, operands, piped);
    const call = { name, target: this.#functions[name]!, command, at: head, operands, piped };
    const stage = compileCall(call, (operand) => this.operand(operand));
    return (execution, dot, value) => {
      execution.node = head;
      return stage(execution, dot, value);
    };
  }

  /** `and` and `or` look at no argument behind the one that decides. */
  #shortCircuit(head: Extract<Operand, { kind: "identifier" }>, operands: Operand[], piped: boolean): Stage {
    if (operands.length === 0 && !piped)
      return this.#failing(head, `wrong number of args for ${head.name}: want at least 1 got 0`);
    const decisive = head.name === "or";
    const inputs: Stage[] = operands.map((operand) => this.operand(operand));
    if (piped) inputs.push((_execution, _dot, value) => value);
    return (execution, dot, piped) => {
      let value;
      for (const input of inputs) {
        value = input(execution, dot, piped);
        if (isTrue(value) === decisive) break;
      }
      return value;
    };
  }

  #path(head: Extract<Operand, { path: readonly string[] }>, operands: Operand[], piped: boolean): Stage {
    const { path } = head;
    const receiver = this.#receiver(head);
    const inputs: Stage[] = operands.map((operand) => this.operand(operand));
    if (piped) inputs.push((_execution, _dot, value) => value);
    if (inputs.length === 0) return this.operand(head);
    if (path.length === 0) return this.#failing(head, `can't give argument to non-function ${printNode(head)}`);
    return (execution, dot, value) => {
      execution.node = head;
      const bound = inputs.map(
        (input): Evaluate =>
          () =>
            input(execution, dot, value),
      );
      return readPath(execution, dot, receiver(execution, dot), path, bound);
    };
  }

  #receiver(head: Extract<Operand, { path: readonly string[] }>): Evaluate {
    switch (head.kind) {
      case "field":
        return (_execution, dot) => dot;
      case "chain":
        return this.operand(head.of);
      case "variable": {
        const slot = this.#scope.slot(head.name);
        if (slot < 0) return this.#failing(head, `undefined variable: ${head.name}`) as Evaluate;
        return (execution) => execution.variables[slot];
      }
    }
  }

  /** The value of an operand, standing alone or as an argument. */
  operand(operand: Operand): Evaluate {
    switch (operand.kind) {
      case "dot":
        return (_execution, dot) => dot;
      case "nil":
        return () => undefined;
      case "bool":
      case "string": {
        const { value } = operand;
        return () => value;
      }
      case "number": {
        const value = idealNumber(operand);
        return () => value;
      }
      case "identifier":
        return this.#call(operand, [], { kind: "command", at: operand.at, operands: [operand] }, false) as Evaluate;
      case "pipe": {
        const { evaluate } = compilePipe(operand, this.#scope, this.#functions);
        return evaluate;
      }
      default:
        return this.#field(operand);
    }
  }

  #field(operand: Extract<Operand, { path: readonly string[] }>): Evaluate {
    const { path } = operand;
    const receiver = this.#receiver(operand);
    if (path.length === 0) return receiver;
    return (execution, dot) => {
      const value = receiver(execution, dot);
      execution.node = operand;
      return readPath(execution, dot, value, path);
    };
  }
}
