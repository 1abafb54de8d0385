import type { Param, TemplateFunction } from "../function.ts";
import type { Evaluate, Execution, Stage } from "../execution.ts";
import type { Command, Operand } from "../parse/tree.ts";
import type { Value } from "../value.ts";
import { checkArgument, constantArgument } from "./argument.ts";

export interface Call {
  readonly name: string;
  readonly target: TemplateFunction;
  readonly command: Command;
  /** The function's name in the command. */
  readonly at: Operand;
  readonly operands: readonly Operand[];
  /** The value of the stage before is the last argument. */
  readonly piped: boolean;
}

type Compile = (operand: Operand) => Evaluate;

/** A function call. Its arguments are checked against the signature as Go does, when it runs. */
export function compileCall(call: Call, compile: Compile): Stage {
  const { name, target, operands, piped, at } = call;
  const count = operands.length + (piped ? 1 : 0);
  const { params, rest } = target;
  if (count < params.length || (count > params.length && rest === undefined)) {
    const wanted = rest === undefined ? String(params.length) : `at least ${params.length}`;
    return failing(at, `wrong number of args for ${name}: want ${wanted} got ${count}`);
  }
  const paramAt = (index: number): Param => params[index] ?? rest!;
  const inputs: Stage[] = operands.map((operand, index) => compileInput(operand, paramAt(index), compile));
  if (piped) inputs.push((_execution, _dot, value) => checkArgument(paramAt(count - 1), value));
  return guarded(call, inputs);
}

const failing =
  (at: Operand, message: string): Stage =>
  (execution) => {
    execution.node = at;
    throw new Error(message);
  };

function compileInput(operand: Operand, param: Param, compile: Compile): Evaluate {
  const constant = constantArgument(operand, param);
  if (constant === undefined) {
    const evaluate = compile(operand);
    return param === "any" ? evaluate : (execution, dot) => checkArgument(param, evaluate(execution, dot));
  }
  if ("failure" in constant) return failing(operand, constant.failure) as Evaluate;
  const { value } = constant;
  return () => value;
}

/** The call itself: what the function throws becomes `error calling name: …` at the command. */
function guarded({ name, target, command }: Call, inputs: readonly Stage[]): Stage {
  const invoke = target.call as (...args: Value[]) => Value;
  return (execution, dot, piped) => {
    const args: Value[] = [];
    for (const input of inputs) args.push(input(execution, dot, piped));
    try {
      return limited(invoke(...args), execution);
    } catch (error) {
      execution.node = command;
      throw new Error(`error calling ${name}: ${(error as Error).message}`, { cause: error });
    }
  };
}

function limited(value: Value, { maxOutput }: Execution): Value {
  if (typeof value === "string" && value.length > maxOutput)
    throw new Error(`the result exceeds the limit of ${maxOutput} characters`);
  return value;
}
