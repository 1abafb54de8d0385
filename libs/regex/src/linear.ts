import { RE2JS } from "re2js";
import type { RegexMatch, RegexSpans } from "./regex.ts";

/** An engine that takes linear time for any expression. Compiles when first used. */
export class LinearEngine {
  readonly #source: string;
  #compiled: RE2JS | undefined;

  /** Takes plain RE2 syntax. */
  constructor(source: string) {
    this.#source = source;
  }

  get #regex(): RE2JS {
    return (this.#compiled ??= RE2JS.compile(this.#source));
  }

  test(text: string): boolean {
    return this.#regex.test(text);
  }

  exec(text: string, from: number): RegexMatch | undefined {
    const matcher = this.#regex.matcher(text);
    if (!matcher.find(from)) return undefined;
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
    return { index: matcher.start(), groups };
  }

  spans(text: string, from: number): RegexSpans | undefined {
    const matcher = this.#regex.matcher(text);
    if (!matcher.find(from)) return undefined;
    return Array.from({ length: matcher.groupCount() + 1 }, (_, i) =>
      matcher.start(i) < 0 ? undefined : ([matcher.start(i), matcher.end(i)] as const),
    );
  }
}
