import type { Node } from "./syntax.ts";

/** Sets of a Unicode property have hundreds of ranges. */
const propertySize = 100;
/** A group or repetition costs an engine more than a character. */
const groupSize = 5;

/** About how many instructions an engine needs: repetitions are written out. */
export function sizeOf(node: Node): number {
  switch (node.kind) {
    case "class":
      return node.items.reduce((size, item) => size + (item.kind === "property" ? propertySize : 1), 1);
    case "capture":
      return sizeOf(node.body) + groupSize;
    case "repeat":
      return sizeOf(node.body) * Math.max(1, node.max === Infinity ? node.min : node.max) + groupSize;
    case "concat":
    case "alternate":
      return node.items.reduce((size, item) => size + sizeOf(item), 1);
    default:
      return 1;
  }
}

/** How many levels the tree has. */
export function heightOf(node: Node): number {
  switch (node.kind) {
    case "capture":
    case "repeat":
      return heightOf(node.body) + 1;
    case "concat":
    case "alternate":
      return node.items.reduce((height, item) => Math.max(height, heightOf(item)), 0) + 1;
    default:
      return 1;
  }
}

/** Whether nested repetitions multiply to at most `budget`. */
export function repeatsWithin(node: Node, budget: number): boolean {
  switch (node.kind) {
    case "repeat": {
      const times = node.max === Infinity ? node.min : node.max;
      if (node.max === 0) return true;
      if (times > budget) return false;
      return repeatsWithin(node.body, times > 1 ? Math.trunc(budget / times) : budget);
    }
    case "capture":
      return repeatsWithin(node.body, budget);
    case "concat":
    case "alternate":
      return node.items.every((item) => repeatsWithin(item, budget));
    default:
      return true;
  }
}
