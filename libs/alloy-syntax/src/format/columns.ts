/** A line of output: tabs, then cells that stand in columns, then the rest. */
export interface Line {
  readonly indent: number;
  cells: string[];
  rest: string;
}

/**
 * Puts cells of neighbouring lines in columns. A column goes on as long as lines have a cell there; a tab of a deeper line
 * counts as an empty cell, and a line without a cell ends the column.
 */
export function alignColumns(lines: readonly Line[]): string {
  const widths = lines.map(({ cells }) => cells.map(() => 0));
  const deepest = Math.max(0, ...lines.map(cellCount));
  for (let column = 0; column < deepest; column++) alignColumn(lines, widths, column);
  return lines.map((line, at) => printLine(line, widths[at]!)).join("\n");
}

const cellCount = ({ indent, cells }: Line): number => indent + cells.length;
const cellWidth = ({ indent, cells }: Line, column: number): number => Array.from(cells[column - indent] ?? "").length;

function alignColumn(lines: readonly Line[], widths: number[][], column: number): void {
  for (let from = 0; from < lines.length;) {
    let to = from;
    let widest = 0;
    while (to < lines.length && cellCount(lines[to]!) > column)
      widest = Math.max(widest, cellWidth(lines[to++]!, column));
    for (let at = from; at < to; at++) {
      const cell = column - lines[at]!.indent;
      if (cell >= 0) widths[at]![cell] = widest + 1;
    }
    from = Math.max(to, from + 1);
  }
}

function printLine({ indent, cells, rest }: Line, widths: readonly number[]): string {
  const padded = cells.map((cell, at) => cell + " ".repeat(widths[at]! - Array.from(cell).length));
  const text = padded.join("") + rest;
  return text === "" ? "" : "\t".repeat(indent) + text;
}
