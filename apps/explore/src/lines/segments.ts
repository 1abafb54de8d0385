import { type AnsiRun, ansiRuns } from "./ansi.ts";
import { visiblePieces } from "./visible-text.ts";

/** A piece of a line with the classes it is shown in. It is always set as text, never as markup. */
export interface Segment {
  readonly text: string;
  readonly style: string;
}

/** A line cut into pieces: colours of its escape sequences, marks, characters that would not be seen. */
export function segments(line: string, marks: RegExp | undefined): Segment[] {
  const runs = ansiRuns(line);
  const marked = marks === undefined ? runs : markRuns(runs, marks);
  return marked.flatMap(({ text, style }) =>
    visiblePieces(text).map((piece) => ({
      text: piece.text,
      style: piece.hidden === true ? `${style} hidden-char`.trim() : style,
    })),
  );
}

/** Marks what matches in the text of all runs together, so that a colour change does not hide a word. */
function markRuns(runs: readonly AnsiRun[], marks: RegExp): AnsiRun[] {
  const whole = runs.map(({ text }) => text).join("");
  const cuts: number[] = [];
  for (const match of whole.matchAll(marks)) if (match[0] !== "") cuts.push(match.index, match.index + match[0].length);
  if (cuts.length === 0) return [...runs];
  const out: AnsiRun[] = [];
  let at = 0;
  let next = 0;
  for (const { text, style } of runs) {
    const end = at + text.length;
    let from = at;
    while (next < cuts.length && cuts[next]! <= end) {
      add(whole.slice(from, cuts[next]), style, next);
      from = cuts[next++]!;
    }
    add(whole.slice(from, end), style, next);
    at = end;
  }
  return out;

  function add(text: string, style: string, cut: number): void {
    if (text !== "") out.push({ text, style: cut % 2 === 1 ? `${style} mark`.trim() : style });
  }
}

/** One expression that finds any of the words, case-insensitive; undefined for none. */
export function marksOf(words: readonly string[]): RegExp | undefined {
  const escaped = words
    .filter((word) => word !== "")
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return escaped.length === 0 ? undefined : new RegExp(escaped.join("|"), "gi");
}
