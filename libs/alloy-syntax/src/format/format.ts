import type { Span } from "../diagnostic.ts";
import { parseAlloy } from "../parser.ts";
import { printExpr } from "../print.ts";
import type { Comment } from "../token.ts";
import type { AlloyFile, Attribute, Block, Call, Expr, List, ObjectExpr, Statement } from "../tree.ts";
import { alignColumns, type Line } from "./columns.ts";

/** Alloy's canonical form of a configuration. Throws an AlloyError where it is none. */
export function formatAlloy(source: string, name: string): string {
  return formatFile(parseAlloy(source, name));
}

export function formatFile(file: AlloyFile): string {
  return new Printer(file).run();
}

class Printer {
  readonly #file: AlloyFile;
  readonly #lines: Line[] = [];
  #line: Line = { indent: 0, cells: [], rest: "" };
  #comments: readonly Comment[];
  /** The source line of what was printed last, 0 before anything. */
  #lastLine = 0;

  constructor(file: AlloyFile) {
    this.#file = file;
    this.#comments = file.comments;
  }

  run(): string {
    const { body, source } = this.#file;
    this.#body(body, 0);
    this.#ownLineComments(source.length, 0);
    this.#endLine();
    return `${alignColumns(this.#lines)}\n`;
  }

  #body(body: readonly Statement[], indent: number): void {
    for (const [at, statement] of body.entries()) {
      const before = body[at - 1];
      this.#separate(statement, before, indent);
      if (statement.kind === "attribute") this.#attribute(statement, indent);
      else this.#block(statement, indent);
    }
  }

  /** Starts the line of a statement, with the comments and the blank line that go before it. */
  #separate(statement: Statement, before: Statement | undefined, indent: number): void {
    const wanted = before !== undefined && statement.kind === "block";
    const start = statement.span.start;
    const first = this.#nextComment(start.offset)?.span.start.line ?? start.line;
    if (wanted && first - this.#lastLine < 2 && this.#lastLine > 0) this.#blankLine();
    this.#ownLineComments(start.offset, indent);
    this.#startLine(start.line, indent);
  }

  #attribute({ name, value }: Attribute, indent: number): void {
    this.#line.cells.push(name);
    this.#line.rest = "= ";
    this.#expr(value, indent);
    this.#trailingComment(value.span.end.line);
  }

  #block({ name, label, body, open, close }: Block, indent: number): void {
    this.#write(label === undefined ? `${name} {` : `${name} "${label}" {`);
    if (body.length === 0 && this.#nextComment(close.start.offset) === undefined) {
      this.#write(" }");
      this.#lastLine = close.end.line;
      return this.#trailingComment(close.end.line);
    }
    this.#lastLine = open.end.line;
    this.#trailingComment(open.end.line);
    this.#opened = true;
    this.#body(body, indent + 1);
    this.#ownLineComments(close.start.offset, indent + 1);
    this.#endLine();
    this.#line = { indent, cells: [], rest: "}" };
    this.#opened = false;
    this.#lastLine = close.end.line;
    this.#trailingComment(close.end.line);
  }

  /** A block's brace has just been opened: no blank line follows. */
  #opened = false;

  #expr(expr: Expr, indent: number): void {
    switch (expr.kind) {
      case "list":
        return this.#elements(expr, expr.elements, indent, "[", "]");
      case "object":
        return this.#object(expr, indent);
      case "call":
        this.#expr(expr.of, indent);
        return this.#elements(expr, expr.args, indent, "(", ")");
      case "access":
        this.#expr(expr.of, indent);
        return this.#write(`.${expr.name}`, expr.span);
      case "index":
        this.#expr(expr.of, indent);
        this.#write("[");
        this.#expr(expr.index, indent);
        return this.#write("]", expr.span);
      case "unary":
        this.#write(expr.operator);
        return this.#expr(expr.of, indent);
      case "paren":
        this.#write("(");
        this.#expr(expr.of, indent);
        return this.#write(")", expr.span);
      case "binary":
        this.#expr(expr.left, indent);
        this.#write(" ");
        this.#inlineComments(expr.right.span.start.offset);
        this.#write(`${expr.operator} `);
        return this.#expr(expr.right, indent);
      default:
        return this.#write(printExpr(expr), expr.span);
    }
  }

  /** Elements keep their lines; those that begin a line stand one tab deeper. */
  #elements(expr: List | Call, elements: readonly Expr[], indent: number, open: string, close: string): void {
    this.#write(open, expr.open);
    let depth = indent;
    for (const [at, element] of elements.entries()) {
      const { start, end } = element.span;
      this.#trailingComment(this.#lastLine, start.offset);
      const comments = this.#nextComment(start.offset);
      const breaks = (comments?.span.start.line ?? start.line) > this.#lastLine;
      if (breaks) {
        depth = indent + 1;
        this.#ownLineComments(start.offset, depth, false);
        this.#startLine(start.line, depth, false);
      } else if (at > 0) this.#write(" ");
      this.#inlineComments(start.offset);
      this.#expr(element, depth);
      this.#lastLine = end.line;
      if (at < elements.length - 1 || this.#closesLater(expr.close)) this.#write(",");
    }
    this.#closing(expr.close, indent, close, elements.length);
  }

  #object(expr: ObjectExpr, indent: number): void {
    this.#write("{", expr.open);
    const oneLine = expr.open.start.line === expr.close.end.line;
    for (const [at, field] of expr.fields.entries()) {
      const { start } = field.span;
      this.#trailingComment(this.#lastLine, start.offset);
      const comments = this.#nextComment(start.offset);
      if ((comments?.span.start.line ?? start.line) > this.#lastLine) {
        this.#ownLineComments(start.offset, indent + 1, false);
        this.#startLine(start.line, indent + 1, false);
      } else if (at > 0) this.#write(" ");
      this.#inlineComments(start.offset);
      this.#field(field.nameText, oneLine);
      this.#expr(field.value, indent + 1);
      const later = start.line !== expr.close.start.line || this.#nextComment(expr.close.start.offset) !== undefined;
      this.#lastLine = field.span.end.line;
      if (at < expr.fields.length - 1 || later) this.#write(",");
      if (at === expr.fields.length - 1 && later) this.#lastLine = Math.min(this.#lastLine, expr.close.start.line - 1);
    }
    this.#closing(expr.close, indent, "}", expr.fields.length);
  }

  #field(name: string, oneLine: boolean): void {
    if (oneLine) return this.#write(`${name} = `);
    this.#line.cells.push(this.#line.rest + name);
    this.#line.rest = "= ";
  }

  #closesLater(close: Span): boolean {
    return close.start.line > this.#lastLine || this.#nextComment(close.start.offset) !== undefined;
  }

  #closing(close: Span, indent: number, text: string, count: number): void {
    this.#trailingComment(this.#lastLine, close.start.offset);
    const own = this.#nextComment(close.start.offset) !== undefined;
    if (own) this.#ownLineComments(close.start.offset, indent + 1, false);
    if (own || (close.start.line > this.#lastLine && count > 0)) this.#startLine(close.start.line, indent, false);
    this.#write(text, close);
  }

  #write(text: string, span?: Span): void {
    this.#line.rest += text;
    if (span) this.#lastLine = span.end.line;
  }

  #blankLine(): void {
    this.#endLine();
    this.#lines.push({ indent: 0, cells: [], rest: "" });
    this.#opened = true;
  }

  #endLine(): void {
    if (this.#line.cells.length > 0 || this.#line.rest !== "") this.#lines.push(this.#line);
    this.#line = { indent: 0, cells: [], rest: "" };
  }

  /** Begins a line for what stands on a source line; a blank line before it there is kept. */
  #startLine(sourceLine: number, indent: number, keepsBlank = true): void {
    if (keepsBlank && this.#lastLine > 0 && sourceLine - this.#lastLine > 1 && !this.#opened) this.#blankLine();
    this.#endLine();
    this.#opened = false;
    this.#line = { indent, cells: [], rest: "" };
    this.#lastLine = sourceLine;
  }

  #nextComment(before: number): Comment | undefined {
    const [comment] = this.#comments;
    return comment !== undefined && comment.span.start.offset < before ? comment : undefined;
  }

  #takeComment(): Comment {
    const comment = this.#comments[0]!;
    this.#comments = this.#comments.slice(1);
    return comment;
  }

  /** A comment behind what was printed, on the same line of the source. */
  #trailingComment(line: number, before = Number.POSITIVE_INFINITY): void {
    for (;;) {
      const comment = this.#nextComment(before);
      if (comment === undefined || comment.span.start.line !== line) return;
      const ends = comment.text.startsWith("//") || this.#isLastOnLine(comment);
      if (!ends) return;
      this.#write(` ${this.#takeComment().text}`, comment.span);
    }
  }

  #isLastOnLine({ span }: Comment): boolean {
    return /^[ \t\r]*(?:\n|$|\/\/)/.test(this.#file.source.slice(span.end.offset));
  }

  /** Comments that have a line of their own, up to an offset. */
  #ownLineComments(before: number, indent: number, keepsBlank = true): void {
    for (;;) {
      const comment = this.#nextComment(before);
      if (comment === undefined) return;
      const sharesLine = !comment.text.startsWith("//") && !this.#isLastOnLine(comment) && !keepsBlank;
      if (sharesLine) return;
      this.#startLine(comment.span.start.line, indent, keepsBlank);
      this.#write(this.#takeComment().text, comment.span);
    }
  }

  /** Block comments in front of what comes next on the line. */
  #inlineComments(before: number): void {
    for (;;) {
      const comment = this.#nextComment(before);
      if (comment === undefined) return;
      this.#takeComment();
      const text = comment.text.startsWith("//") ? `/*${comment.text.slice(2)} */` : comment.text;
      this.#write(this.#line.rest === "" || this.#line.rest.endsWith(" ") ? `${text} ` : ` ${text} `);
    }
  }
}
