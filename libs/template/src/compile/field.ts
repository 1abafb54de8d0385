import type { Execution, Evaluate } from "../execution.ts";
import { timeMethod } from "../time/methods.ts";
import { Time } from "../time/time.ts";
import { isDict, typeName, type Value } from "../value.ts";

const noArguments: readonly Evaluate[] = [];

/** `.a.b` of a value; only the last name may be a method with arguments. */
export function readPath(
  execution: Execution,
  dot: Value,
  receiver: Value,
  path: readonly string[],
  inputs: readonly Evaluate[] = noArguments,
): Value {
  let value = receiver;
  const last = path.length - 1;
  for (let at = 0; at < last; at++) value = readField(execution, dot, value, path[at]!, noArguments);
  return readField(execution, dot, value, path[last]!, inputs);
}

function readField(
  execution: Execution,
  dot: Value,
  receiver: Value,
  name: string,
  inputs: readonly Evaluate[],
): Value {
  if (receiver instanceof Time) return callMethod(execution, dot, receiver, name, inputs);
  if (inputs.length > 0 && receiver !== undefined) throw new Error(`${name} is not a method but has arguments`);
  if (isDict(receiver)) return receiver.get(name) ?? receiver.zero;
  if (receiver === undefined) return undefined;
  throw new Error(`can't evaluate field ${name} in type ${typeName(receiver)}`);
}

function callMethod(
  execution: Execution,
  dot: Value,
  receiver: Time,
  name: string,
  inputs: readonly Evaluate[],
): Value {
  const method = timeMethod(name);
  if (method === undefined) throw new Error(`can't evaluate field ${name} in type time.Time`);
  const { params, call } = method;
  if (params.length !== inputs.length)
    throw new Error(`wrong number of args for ${name}: want ${params.length} got ${inputs.length}`);
  return (call as (...args: Value[]) => Value)(receiver, ...inputs.map((input) => input(execution, dot)));
}
