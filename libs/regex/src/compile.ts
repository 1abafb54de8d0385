import { safeLength } from "./cost.ts";
import { expand } from "./expand.ts";
import { LinearEngine } from "./linear.ts";
import { exactTexts, literalPrefix, requiredTexts } from "./literals.ts";
import { sizeOf } from "./measure.ts";
import { parseRegex } from "./parse.ts";
import type { Regex, RegexMatch, RegexOptions, RegexSpans } from "./regex.ts";
import type { Node } from "./syntax.ts";
import { toJavaScript, toRe2 } from "./translate.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Compiles an RE2 pattern. Throws a RegexError with Go's text (`error parsing regexp: missing closing ): …`) where the
 * pattern is none.
 */
export function compileRegex(pattern: string, options: RegexOptions = {}): Regex {
  return new CompiledRegex(pattern, options);
}

/** Checks a pattern and tells the names of its groups by number ("" for the whole match and unnamed groups). */
export function checkRegex(pattern: string): readonly string[] {
  return parseRegex(pattern).groupNames;
}

/** Whether a selector's expression (anchored, `.` matches newline) matches the empty text. */
export function matchesEmpty(pattern: string): boolean {
  return compileRegex(pattern, { anchored: true, dotAll: true }).test("");
}

class CompiledRegex implements Regex {
  readonly source: string;
  readonly groupNames: readonly string[];
  readonly setMatches: readonly string[] | undefined;
  readonly literals: readonly string[] | undefined;
  readonly prefix: string;
  readonly required: readonly Uint8Array[] | undefined;
  readonly test: (text: string) => boolean;
  readonly #root: Node;
  #engine: Engine | undefined;

  constructor(pattern: string, { anchored = false, dotAll = false }: RegexOptions) {
    const { root, groupNames } = parseRegex(pattern, dotAll);
    const texts = exactTexts(root);
    this.source = pattern;
    this.groupNames = groupNames;
    this.setMatches = anchored ? texts : undefined;
    this.literals = anchored ? undefined : texts;
    this.prefix = anchored ? literalPrefix(root) : "";
    this.required = requiredTexts(root)?.map((text) => Buffer.from(text));
    this.#root = anchored ? wholeText(root) : root;
    this.test = anchored ? anchoredTest(root, texts) : searchTest(root, texts);
  }

  testBytes(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
    return this.test(decodeUtf8(bytes, start, end));
  }

  exec(text: string, from = 0): RegexMatch | undefined {
    return (this.#engine ??= new Engine(this.#root)).exec(text, from);
  }

  replaceAll(text: string, replacement: string): string {
    let out = "";
    let copied = 0;
    for (const match of this.matchAll(text)) {
      out += text.slice(copied, match.index) + expand(replacement, match.groups, this.groupNames);
      copied = match.index + match.groups[0]!.length;
    }
    return out + text.slice(copied);
  }

  spans(text: string, from = 0): RegexSpans | undefined {
    return (this.#engine ??= new Engine(this.#root)).spans(text, from);
  }

  /** An empty match right after another match does not count, as in Go. */
  *matchAll(text: string): Generator<RegexMatch> {
    let previousEnd = -1;
    for (let from = 0; from <= text.length;) {
      const match = this.exec(text, from);
      if (match === undefined) return;
      const end = match.index + match.groups[0]!.length;
      if (end > match.index || match.index !== previousEnd) yield match;
      previousEnd = end;
      from = end > match.index ? end : end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
    }
  }
}

/** V8 refuses expressions whose code would be very large. */
const maxNativeSize = 5000;

/** Runs an expression on V8 where that is provably cheap, else on the linear engine. */
class Engine {
  readonly #linear: LinearEngine;
  readonly #native: RegExp | undefined;
  readonly #safeLength: number;
  readonly #looksAround: boolean;
  #indexed: RegExp | undefined;

  constructor(root: Node) {
    const source = sizeOf(root) > maxNativeSize ? undefined : toJavaScript(root);
    this.#linear = new LinearEngine(toRe2(root));
    this.#safeLength = source === undefined ? 0 : safeLength(root);
    this.#native = this.#safeLength > 0 ? new RegExp(source!, "gu") : undefined;
    this.#looksAround = source !== undefined && /\\b|\\B|\(\?<?!/.test(source);
  }

  test(text: string): boolean {
    const native = this.#nativeFor(text);
    if (native === undefined) return this.#linear.test(text);
    native.lastIndex = 0;
    return native.test(text);
  }

  exec(text: string, from: number): RegexMatch | undefined {
    const native = this.#nativeFor(text);
    if (native === undefined) return this.#linear.exec(text, from);
    native.lastIndex = from;
    const match = native.exec(text);
    return match === null ? undefined : { index: match.index, groups: [...match] };
  }

  spans(text: string, from: number): RegexSpans | undefined {
    const native = this.#nativeFor(text);
    if (native === undefined) return this.#linear.spans(text, from);
    const withIndices = (this.#indexed ??= new RegExp(native.source, "gud"));
    withIndices.lastIndex = from;
    return withIndices.exec(text)?.indices;
  }

  /** V8 looks around from the middle of a surrogate pair, where no position is. */
  #nativeFor(text: string): RegExp | undefined {
    if (text.length > this.#safeLength) return undefined;
    return this.#looksAround && surrogate.test(text) ? undefined : this.#native;
  }
}

const surrogate = /[\ud800-\udfff]/;

function wholeText(root: Node): Node {
  return { kind: "concat", items: [{ kind: "text-start" }, group(root), { kind: "text-end" }] };
}

/** An alternation inside of a sequence is written with its own parentheses. */
function group(root: Node): Node {
  return root.kind === "concat" ? { kind: "repeat", min: 1, max: 1, greedy: true, body: root } : root;
}

function anchoredTest(root: Node, texts: readonly string[] | undefined): (text: string) => boolean {
  if (texts?.length === 1) return (text) => text === texts[0];
  if (texts !== undefined) {
    const set = new Set(texts);
    return (text) => set.has(text);
  }
  if (isAnyStar(root, true)) return () => true;
  if (root.kind === "repeat" && root.min === 1 && root.max === Infinity && isAny(root.body, true))
    return (text) => text !== "";
  return lazyTest(wholeText(root));
}

function searchTest(root: Node, texts: readonly string[] | undefined): (text: string) => boolean {
  if (texts?.length === 1) return (text) => text.includes(texts[0]!);
  const core = withoutOuterStars(root);
  if (core.kind === "empty") return () => true;
  const inner = exactTexts(core);
  if (inner?.length === 1) return (text) => text.includes(inner[0]!);
  return lazyTest(core);
}

function lazyTest(root: Node): (text: string) => boolean {
  let engine: Engine | undefined;
  return (text) => (engine ??= new Engine(root)).test(text);
}

/** In a search `.*` at either end never decides anything. */
function withoutOuterStars(root: Node): Node {
  const items = root.kind === "concat" ? [...root.items] : [root];
  while (items.length > 0 && isAnyStar(items[0]!, false)) items.shift();
  while (items.length > 0 && isAnyStar(items.at(-1)!, false)) items.pop();
  if (items.length === 0) return { kind: "empty" };
  return items.length === 1 ? items[0]! : { kind: "concat", items };
}

function isAnyStar(node: Node, newline: boolean): boolean {
  return node.kind === "repeat" && node.min === 0 && node.max === Infinity && isAny(node.body, newline);
}

function isAny(node: Node, newline: boolean): boolean {
  return node.kind === "any" && (node.newline || !newline);
}
