import type { CharClass, Node } from "./syntax.ts";

const maxTexts = 256;
const maxAlternatives = 20_000;
const maxRequired = 16;
const maxLength = 256;

const known = new WeakMap<Node, string[] | null>();

/** All texts that the node matches as a whole, in order of preference; undefined if they are many or depend on context. */
export function exactTexts(node: Node): string[] | undefined {
  let texts = known.get(node);
  if (texts === undefined) known.set(node, (texts = compute(node) ?? null));
  return texts ?? undefined;
}

function compute(node: Node): string[] | undefined {
  switch (node.kind) {
    case "empty":
      return [""];
    case "literal":
      return node.fold && isCased(node.point) ? undefined : [String.fromCodePoint(node.point)];
    case "class":
      return classTexts(node);
    case "capture":
      return exactTexts(node.body);
    case "repeat":
      return repeatedTexts(node.body, node.min, node.max);
    case "concat":
      return node.items.reduce<string[] | undefined>((texts, item) => product(texts, exactTexts(item)), [""]);
    case "alternate":
      return unionOf(node.items.map(exactTexts), maxAlternatives);
    default:
      return undefined;
  }
}

function isCased(point: number): boolean {
  const char = String.fromCodePoint(point);
  return char.toLowerCase() !== char || char.toUpperCase() !== char;
}

function classTexts({ negated, fold, items }: CharClass): string[] | undefined {
  if (negated || fold) return undefined;
  const texts = new Set<string>();
  for (const item of items) {
    if (item.kind !== "range" || item.high - item.low > maxRequired) return undefined;
    for (let point = item.low; point <= item.high; point++) texts.add(String.fromCodePoint(point));
  }
  return texts.size <= maxRequired ? [...texts] : undefined;
}

function repeatedTexts(body: Node, min: number, max: number): string[] | undefined {
  if (max > 8) return undefined;
  const once = exactTexts(body);
  let texts: string[] | undefined = [""];
  let all: (string[] | undefined)[] = min === 0 ? [texts] : [];
  for (let times = 1; times <= max; times++) {
    texts = product(texts, once);
    if (times >= min) all = [texts, ...all];
  }
  return unionOf(all, maxTexts);
}

function product(left: string[] | undefined, right: string[] | undefined): string[] | undefined {
  if (left === undefined || right === undefined || left.length * right.length > maxTexts) return undefined;
  const texts = left.flatMap((head) => right.map((tail) => head + tail));
  return texts.some(({ length }) => length > maxLength) ? undefined : texts;
}

function unionOf(sets: readonly (string[] | undefined)[], limit: number): string[] | undefined {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const text of set) all.add(text);
    if (all.size > limit) return undefined;
  }
  return [...all];
}

/** The literal text that every match of the node begins with. */
export function literalPrefix(node: Node): string {
  const items = node.kind === "concat" ? node.items : [node];
  let prefix = "";
  for (const item of items) {
    const texts = exactTexts(item);
    if (texts?.length !== 1) return item.kind === "capture" ? prefix + literalPrefix(item.body) : prefix;
    prefix += texts[0]!;
  }
  return prefix;
}

/** Texts of which every match contains at least one, chosen to be as long and few as possible; undefined if there are none. */
export function requiredTexts(node: Node): string[] | undefined {
  const exact = exactTexts(node);
  return better(exact && usable(exact), requiredParts(node));
}

function requiredParts(node: Node): string[] | undefined {
  switch (node.kind) {
    case "capture":
      return requiredTexts(node.body);
    case "repeat":
      return node.min > 0 ? requiredTexts(node.body) : undefined;
    case "alternate":
      return unionOf(node.items.map(requiredTexts), maxRequired);
    case "concat":
      return requiredInSequence(node.items);
    default:
      return undefined;
  }
}

/** The best of: the required texts of one item, and the texts of neighbours whose texts are all known. */
function requiredInSequence(items: readonly Node[]): string[] | undefined {
  let best: string[] | undefined;
  let run: string[] | undefined = [""];
  for (const item of items) {
    const texts = exactTexts(item);
    const longer = product(run, texts);
    run = longer && longer.length <= maxRequired ? longer : texts && texts.length <= maxRequired ? texts : [""];
    best = better(best, usable(run));
    if (texts === undefined) best = better(best, requiredTexts(item));
  }
  return best;
}

/** An invalid byte counts as U+FFFD, so a text with that character says nothing about the bytes. */
function usable(texts: readonly string[]): string[] | undefined {
  if (texts.length === 0 || texts.length > maxRequired) return undefined;
  return texts.some((text) => text === "" || text.includes("\uFFFD")) ? undefined : [...texts];
}

function better(a: string[] | undefined, b: string[] | undefined): string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return worth(b) > worth(a) ? b : a;
}

/** The shortest text decides how rare a hit is, and each further text costs a search. */
function worth(texts: readonly string[]): number {
  return Math.min(...texts.map(({ length }) => length)) - 0.75 * texts.length;
}
