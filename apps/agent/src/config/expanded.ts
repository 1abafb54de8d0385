import { RatatoskError } from "@ratatosk/model";
// Not by the front door: zod, which stands behind it too, is several MiB that an agent has no use for.
import { expandEnv } from "@ratatosk/config/expand-env";

/** A configuration's text with the variables of this process's environment. Throws bad_request on bad syntax. */
export function expanded(text: string): string {
  try {
    return expandEnv(text, process.env);
  } catch (error) {
    throw new RatatoskError("bad_request", (error as Error).message, { cause: error });
  }
}
