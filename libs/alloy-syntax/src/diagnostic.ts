/** A place in a source text. */
export interface Position {
  /** UTF-16 offset. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

/** A piece of a source text. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** Something wrong in a configuration, and where; without a place where it concerns several. */
export interface Diagnostic {
  readonly message: string;
  readonly file?: string;
  readonly span?: Span;
  /** The whole text of the file, to show the line. */
  readonly source?: string;
}

/** A configuration that cannot be read or evaluated. */
export class AlloyError extends Error {
  override readonly name = "AlloyError";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join("\n\n"));
    this.diagnostics = diagnostics;
  }
}

/** `Error: file:1:2: message`, with the lines before and the place underlined. */
export function formatDiagnostic({ message, file, span, source }: Diagnostic): string {
  const { line, column } = span?.start ?? {};
  const head = `Error: ${file ?? "-"}:${line === undefined ? "" : `${line}:${column}:`} ${message}`;
  return span === undefined || source === undefined ? head : `${head}\n\n${excerpt(source, span)}`;
}

function excerpt(source: string, { start, end }: Span): string {
  const lines = source.split("\n");
  const first = Math.max(start.line - 2, 1);
  const width = String(start.line + 1).length;
  const shown = (line: number): string =>
    `${String(line).padStart(width)} | ${(lines[line - 1] ?? "").replace(/\r$/, "").replaceAll("\t", "  ")}`.trimEnd();
  const before = Array.from({ length: start.line - first + 1 }, (_, at) => shown(first + at));
  const margin = (lines[start.line - 1] ?? "").slice(0, start.column - 1).replaceAll("\t", "  ").length;
  const length = end.line === start.line ? Math.max(end.column - start.column, 1) : 1;
  return [...before, `${" ".repeat(width)} | ${" ".repeat(margin)}${"^".repeat(length)}`].join("\n");
}
