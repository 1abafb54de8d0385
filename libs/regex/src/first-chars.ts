import { type CharSet, singleChars } from "./char-set.ts";
import type { Node } from "./syntax.ts";

export interface FirstChars {
  readonly chars: CharSet;
  readonly nullable: boolean;
}

const known = new WeakMap<Node, FirstChars>();

/** The characters a match of the node can begin with, and whether it can be empty. */
export function firstChars(node: Node): FirstChars {
  let first = known.get(node);
  if (first === undefined) known.set(node, (first = compute(node)));
  return first;
}

function compute(node: Node): FirstChars {
  const single = singleChars(node);
  if (single !== undefined) return { chars: single, nullable: false };
  switch (node.kind) {
    case "capture":
      return firstChars(node.body);
    case "repeat": {
      const { chars, nullable } = firstChars(node.body);
      return { chars, nullable: nullable || node.min === 0 };
    }
    case "alternate": {
      const all = node.items.map(firstChars);
      return { chars: all.reduce((set, { chars }) => set | chars, 0n), nullable: all.some((item) => item.nullable) };
    }
    case "concat":
      return firstOfSequence(node.items);
    default:
      return { chars: 0n, nullable: true };
  }
}

function firstOfSequence(items: readonly Node[]): FirstChars {
  let chars: CharSet = 0n;
  for (const item of items) {
    const begin = firstChars(item);
    chars |= begin.chars;
    if (!begin.nullable) return { chars, nullable: false };
  }
  return { chars, nullable: true };
}
