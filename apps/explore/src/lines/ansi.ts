/** A stretch of a line in one colour, without its escape sequences. */
export interface AnsiRun {
  readonly text: string;
  /** Class names of the page's own palette: `a-red`, `a-bold`. */
  readonly style: string;
}

const sequence = /\u001b\[([0-9;]*)m|\u001b\[[0-9;?]*[A-Za-ln-z]/g;
const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** Splits a line at its colour sequences; other sequences that a terminal would act on are left out. */
export function ansiRuns(line: string): AnsiRun[] {
  if (!line.includes("\u001b[")) return [{ text: line, style: "" }];
  const runs: AnsiRun[] = [];
  let style: Style = {};
  let at = 0;
  const push = (end: number): void => {
    if (end > at) runs.push({ text: line.slice(at, end), style: classes(style) });
  };
  for (const match of line.matchAll(sequence)) {
    push(match.index);
    at = match.index + match[0].length;
    if (match[1] !== undefined) style = applied(style, match[1]);
  }
  push(line.length);
  return runs;
}

interface Style {
  readonly colour?: string | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly underline?: boolean;
}

function applied(style: Style, codes: string): Style {
  const list = codes.split(";").map(Number);
  let next = style;
  for (let i = 0; i < list.length; i++) {
    const code = list[i]!;
    if (code === 38 || code === 48) {
      const skip = list[i + 1] === 5 ? 2 : 4;
      if (code === 38 && skip === 2) next = { ...next, colour: colours[(list[i + 2] ?? 7) % 8] };
      i += skip;
    } else next = one(next, code);
  }
  return next;
}

function one(style: Style, code: number): Style {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, colour: undefined };
  if (code >= 30 && code <= 37) return { ...style, colour: colours[code - 30] };
  if (code >= 90 && code <= 97) return { ...style, colour: colours[code - 90] };
  return style;
}

function classes({ colour, bold, dim, underline }: Style): string {
  const names = [colour, bold && "bold", dim && "dim", underline && "underline"].filter(Boolean);
  return names.map((name) => `a-${String(name)}`).join(" ");
}
