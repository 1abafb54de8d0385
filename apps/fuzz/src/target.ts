import { ConfigError } from "@ratatosk/config";
import { RatatoskError } from "@ratatosk/model";

/** A parser of bytes that anybody may send or damage. */
export interface Target {
  readonly name: string;
  /** Reads an input as the product does, and looks at what came of it. Throws what the product throws for bad input. */
  readonly read: (input: Uint8Array) => void | Promise<void>;
  /** Errors that say "bad input" besides RatatoskError and ConfigError. */
  readonly refusals?: readonly (new (...parameters: never[]) => Error)[];
  /** Words of the language, which chance alone would seldom find. */
  readonly words?: readonly string[];
}

/** Whether an error says that the input is bad; anything else is a fault of the parser. */
export function isRefusal({ refusals = [] }: Target, error: unknown): boolean {
  if (error instanceof RatatoskError) return error.code !== "internal";
  return error instanceof ConfigError || refusals.some((type) => error instanceof type);
}
