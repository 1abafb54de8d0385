import type { Value } from "./value.ts";

/** What a parameter accepts: as Go's function signatures do, so a wrong argument has Go's message. */
export type Param = "any" | "string" | "int" | "float64" | "bool" | "list" | "map" | "time.Time";

/** A function that templates may call. An error thrown by `call` fails the execution with its message. */
export interface TemplateFunction {
  readonly params: readonly Param[];
  /** What further arguments must be; none are accepted if absent. */
  readonly rest?: Param;
  readonly call: (...args: never[]) => Value;
}

export type Functions = Readonly<Record<string, TemplateFunction>>;

/** `fn("string, ...any", call)`: a function with Go's parameter types; `...` before the last makes it variadic. */
export function fn(signature: string, call: (...args: never[]) => Value): TemplateFunction {
  const params = signature === "" ? [] : (signature.split(", ") as Param[]);
  const last = params.at(-1);
  if (!last?.startsWith("...")) return { params, call };
  return { params: params.slice(0, -1), rest: last.slice(3) as Param, call };
}
