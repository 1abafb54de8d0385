import { fn, type Functions } from "../function.ts";
import { Time } from "../time/time.ts";
import { localZone } from "../time/zone.ts";
import { dateFunctions } from "./dates.ts";
import { encodingFunctions } from "./encoding.ts";
import { mathFunctions } from "./math.ts";
import { RegexCache, regexFunctions } from "./regex.ts";
import { legacyStringFunctions, stringFunctions } from "./strings.ts";

/** What LogQL's functions see besides their arguments; read at each call, so one context serves all lines. */
export interface LineContext {
  /** The line at this stage, for `__line__`. */
  line(): string;
  /** The entry's time in unix nanoseconds, for `__timestamp__`. */
  timestamp(): bigint;
  /** The current time in unix nanoseconds; the system's clock by default. */
  now?(): bigint;
}

const systemClock = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** The functions of `line_format` and `label_format`. */
export function logqlFunctions(context: LineContext): Functions {
  const local = localZone();
  return {
    __line__: fn("", () => context.line()),
    __timestamp__: fn("", () => new Time(context.timestamp(), local)),
    ...stringFunctions,
    ...legacyStringFunctions,
    ...mathFunctions(true),
    ...regexFunctions(new RegexCache()),
    ...encodingFunctions,
    ...dateFunctions(() => context.now?.() ?? systemClock()),
  };
}
