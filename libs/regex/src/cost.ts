import { type CharSet, singleChars } from "./char-set.ts";
import { firstChars } from "./first-chars.ts";
import type { Node, Repeat } from "./syntax.ts";

/**
 * What a backtracking engine may spend on one attempt, in the worst case: about factor × length ^ loops, and a pass
 * over the text more if there is a repetition without bound.
 */
interface Cost {
  /** Ways to split a text of bounded length. */
  readonly factor: number;
  /** Repetitions without bound that can give back what they took and find another way. */
  readonly loops: number;
  readonly unbounded: boolean;
}

const free: Cost = { factor: 1, loops: 0, unbounded: false };
const never: Cost = { factor: Infinity, loops: Infinity, unbounded: true };
const maxSteps = 16_000_000;
const maxFactor = 256;
const maxLoops = 3;

/**
 * The longest text (UTF-16 units) on which a backtracking engine is sure to stay within some ten million steps,
 * whatever the text is; 0 for expressions that must not run there at all, such as `(a+)+$`.
 */
export function safeLength(root: Node): number {
  const { factor, loops, unbounded } = costOf(root, 0n);
  if (factor > maxFactor || loops > maxLoops) return 0;
  const degree = (startsAtText(root) ? 0 : 1) + loops + (unbounded ? 1 : 0);
  return Math.floor((maxSteps / factor) ** (1 / Math.max(1, degree)));
}

function startsAtText(node: Node): boolean {
  if (node.kind === "text-start") return true;
  return node.kind === "concat" && node.items[0]!.kind === "text-start";
}

function costOf(node: Node, follow: CharSet): Cost {
  switch (node.kind) {
    case "concat":
      return sequence(node.items, follow);
    case "alternate":
      return choice(node.items, follow);
    case "capture":
      return costOf(node.body, follow);
    case "repeat":
      return repetition(node, follow);
    default:
      return free;
  }
}

function sequence(items: readonly Node[], follow: CharSet): Cost {
  let total = free;
  let next = follow;
  for (const item of [...items].reverse()) {
    total = both(total, costOf(item, next));
    const { chars, nullable } = firstChars(item);
    next = nullable ? next | chars : chars;
  }
  return total;
}

function both(a: Cost, b: Cost): Cost {
  return { factor: a.factor * b.factor, loops: a.loops + b.loops, unbounded: a.unbounded || b.unbounded };
}

function choice(items: readonly Node[], follow: CharSet): Cost {
  const costs = items.map((item) => costOf(item, follow));
  const worst = Math.max(...costs.map(({ factor }) => factor));
  return {
    factor: distinct(items) ? worst : worst * items.length,
    loops: Math.max(...costs.map(({ loops }) => loops)),
    unbounded: costs.some(({ unbounded }) => unbounded),
  };
}

/** Whether the first character alone says which of the items it can be. */
function distinct(items: readonly Node[]): boolean {
  let seen: CharSet = 0n;
  for (const item of items) {
    const { chars, nullable } = firstChars(item);
    if (nullable || (seen & chars) !== 0n) return false;
    seen |= chars;
  }
  return true;
}

function repetition(node: Repeat, follow: CharSet): Cost {
  const { body, min, max } = node;
  const { chars, nullable } = firstChars(body);
  const inner = costOf(body, follow | chars);
  const ambiguous = nullable || (chars & follow) !== 0n;
  if (max === Infinity) {
    const plain = !nullable && inner.loops === 0 && inner.factor === 1;
    return plain ? { factor: 1, loops: ambiguous ? 1 : 0, unbounded: true } : never;
  }
  if (max <= 1) return { ...inner, factor: inner.factor * (max > min && ambiguous ? 2 : 1) };
  const loose = singleChars(body) === undefined && inner.unbounded;
  if (loose && (inner.loops > 0 || nullable)) return never;
  return { ...inner, factor: inner.factor ** max * (ambiguous ? max - min + 1 : 1) };
}
