import { type Key, KeyTable } from "../key-table.ts";
import { indexWithin, isAt, parsePattern } from "../pattern.ts";
import type { Row } from "../row.ts";
import { TextCache } from "../text-cache.ts";
import { ParsedLabels } from "./parsed-labels.ts";
import type { ParserHints, Stage } from "./stage.ts";

/** A capture and the literal that ends it; without one it takes the rest of the line. */
interface Capture {
  readonly key: Key | undefined;
  readonly until: Uint8Array | undefined;
}

/** `| pattern "<ip> - <_> [<when>]"`: what lies between the literals becomes labels. */
export function patternStage(pattern: string, hints: ParserHints): Stage {
  if (hints.skip) return () => true;
  const { head, captures } = compile(pattern, new KeyTable(hints.wanted));
  const labels = new ParsedLabels(hints);
  const texts = new TextCache();
  return (row) => {
    const { bytes, end } = row;
    let at = row.start;
    if (at === end || !startsWith(row, head)) return true;
    at += head.length;
    for (const { key, until } of captures) {
      const stop = until === undefined ? end : indexWithin(bytes, until, at, end);
      if (store(row, key, at, stop === -1 ? end : stop)) return !row.dropped;
      if (until === undefined || stop === -1) return true;
      at = stop + until.length;
    }
    return true;
  };

  function store(row: Row, key: Key | undefined, start: number, end: number): boolean {
    const name = key && labels.accept(row, key);
    return name !== undefined && labels.store(row, name, texts.text(row.bytes, start, end));
  }
}

function compile(pattern: string, keys: KeyTable): { head: Uint8Array; captures: Capture[] } {
  const parts = parsePattern(pattern);
  const first = parts[0];
  const head = first && "literal" in first ? first.literal : new Uint8Array();
  const captures: Capture[] = [];
  for (const [i, part] of parts.entries()) {
    if ("literal" in part) continue;
    const next = parts[i + 1];
    captures.push({
      key: part.capture === undefined ? undefined : keys.exact(part.capture),
      until: next && "literal" in next ? next.literal : undefined,
    });
  }
  return { head, captures };
}

function startsWith({ bytes, start, end }: Row, head: Uint8Array): boolean {
  return head.length <= end - start && isAt(bytes, head, start);
}
