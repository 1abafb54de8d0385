import { quote, RatatoskError } from "@ratatosk/model";
import { parseNumber, unquote } from "./constant.ts";
import { tokenize } from "./lexer.ts";
import { keywords, type Token } from "./token.ts";
import { type Command, type Node, type Operand, type Pipe, printNode } from "./tree.ts";

/** How deep control structures and parentheses may nest. */
const maxNesting = 200;

export interface ParsedTemplates {
  readonly main: readonly Node[];
  /** The bodies of `define` and `block`, by name. */
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

/** The trees of a template. Throws a RatatoskError with Go's text. */
export function parse(text: string, name: string, isFunction: (name: string) => boolean): ParsedTemplates {
  return new Parser(text, name, isFunction).run();
}

type Ended = { readonly nodes: Node[]; readonly by: "end" | "else" };

class Parser {
  readonly #name: string;
  readonly #isFunction: (name: string) => boolean;
  readonly #tokens: readonly Token[];
  readonly #defined = new Map<string, readonly Node[]>();
  #at = 0;
  #variables: string[] = ["$"];
  #loops = 0;
  #nesting = 0;
  #actionLine = 0;

  constructor(text: string, name: string, isFunction: (name: string) => boolean) {
    this.#name = name;
    this.#isFunction = isFunction;
    this.#tokens = tokenize(text);
  }

  run(): ParsedTemplates {
    const main: Node[] = [];
    while (this.#peek().kind !== "eof") {
      if (this.#definition()) continue;
      const node = this.#textOrAction();
      if (node === "end" || node === "else") this.#fail(`unexpected {{${node}}}`);
      main.push(node);
    }
    return { main, defined: this.#defined };
  }

  /** `{{define "name"}}…{{end}}` at the top level. */
  #definition(): boolean {
    const start = this.#at;
    if (this.#next().kind === "leftDelim" && this.#nextWord().kind === "define") {
      const { name } = this.#templateName("define clause");
      this.#expect("rightDelim", "define clause");
      const outer = { variables: this.#variables, loops: this.#loops };
      this.#variables = ["$"];
      this.#loops = 0;
      const { nodes, by } = this.#list();
      if (by !== "end") this.#fail("unexpected {{else}} in define clause");
      this.#define(name, nodes);
      this.#variables = outer.variables;
      this.#loops = outer.loops;
      return true;
    }
    this.#at = start;
    return false;
  }

  #define(name: string, nodes: readonly Node[]): void {
    const blank = (list: readonly Node[]): boolean =>
      list.every((node) => node.kind === "text" && node.text.trim() === "");
    const known = this.#defined.get(name);
    if (known === undefined || blank(known)) this.#defined.set(name, nodes);
    else if (!blank(nodes)) this.#fail(`template: multiple definition of template ${quote(name)}`);
  }

  #list(): Ended {
    const nodes: Node[] = [];
    while (this.#peekWord().kind !== "eof") {
      const node = this.#textOrAction();
      if (node === "end" || node === "else") return { nodes, by: node };
      nodes.push(node);
    }
    return this.#fail("unexpected EOF");
  }

  #textOrAction(): Node | "end" | "else" {
    const token = this.#nextWord();
    if (token.kind === "text") return { kind: "text", at: token.at, text: token.text };
    if (token.kind !== "leftDelim") return this.#unexpected(token, "input");
    this.#actionLine = token.line;
    const node = this.#action();
    this.#actionLine = 0;
    return node;
  }

  #action(): Node | "end" | "else" {
    const token = this.#nextWord();
    switch (token.kind) {
      case "block":
        return this.#block();
      case "break":
      case "continue":
        return this.#jump(token.kind, token.at);
      case "else":
        return this.#else();
      case "end":
        this.#expect("rightDelim", "end");
        return "end";
      case "if":
      case "with":
      case "range":
        return this.#branch(token.kind);
      case "template":
        return this.#template();
      default: {
        this.#back();
        const { at } = this.#peek();
        return { kind: "action", at, pipe: this.#pipe("command", "rightDelim") };
      }
    }
  }

  #jump(kind: "break" | "continue", at: number): Node {
    const token = this.#nextWord();
    if (token.kind !== "rightDelim") this.#unexpected(token, `{{${kind}}}`);
    if (this.#loops === 0) this.#fail(`{{${kind}}} outside {{range}}`);
    return { kind, at };
  }

  #else(): "else" {
    const { kind } = this.#peekWord();
    if (kind !== "if" && kind !== "with") this.#expect("rightDelim", "else");
    return "else";
  }

  #branch(kind: "if" | "with" | "range"): Node {
    if (++this.#nesting > maxNesting) this.#fail("too deeply nested");
    const visible = this.#variables.length;
    const pipe = this.#pipe(kind, "rightDelim");
    if (kind === "range") this.#loops++;
    const first = this.#list();
    if (kind === "range") this.#loops--;
    const otherwise = first.by === "else" ? this.#otherwise(kind) : undefined;
    this.#variables.length = visible;
    this.#nesting--;
    return { kind, at: pipe.at, pipe, body: first.nodes, otherwise };
  }

  /** What follows `{{else`: a chained branch of the same kind, or nodes up to `{{end}}`. */
  #otherwise(kind: "if" | "with" | "range"): readonly Node[] {
    const chained = this.#peekWord().kind;
    if ((chained === "if" || chained === "with") && chained === kind) {
      this.#nextWord();
      return [this.#branch(chained)];
    }
    if (chained === "if" || chained === "with") this.#unexpected(this.#nextWord(), "else");
    const { nodes, by } = this.#list();
    if (by !== "end") this.#fail("expected end; found {{else}}");
    return nodes;
  }

  #block(): Node {
    const { name, at } = this.#templateName("block clause");
    const pipe = this.#pipe("block clause", "rightDelim");
    const variables = this.#variables;
    this.#variables = ["$"];
    const { nodes, by } = this.#list();
    if (by !== "end") this.#fail("unexpected {{else}} in block clause");
    this.#variables = variables;
    this.#define(name, nodes);
    return { kind: "template", at, name, pipe };
  }

  #template(): Node {
    const { name, at } = this.#templateName("template clause");
    if (this.#nextWord().kind === "rightDelim") return { kind: "template", at, name, pipe: undefined };
    this.#back();
    return { kind: "template", at, name, pipe: this.#pipe("template clause", "rightDelim") };
  }

  #templateName(context: string): { name: string; at: number } {
    const token = this.#nextWord();
    if (token.kind !== "string") return this.#unexpected(token, context);
    return { name: unquote(token.text) ?? this.#fail("invalid syntax"), at: token.at };
  }

  #pipe(context: string, end: "rightDelim" | "rightParen"): Pipe {
    const { at } = this.#peekWord();
    const { variables, assigns } = this.#declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#nextWord();
      if (token.kind === end) break;
      if (!startsOperand(token)) this.#unexpected(token, context);
      this.#back();
      commands.push(this.#command());
    }
    this.#checkCommands(commands, context);
    return { kind: "pipe", at, variables, assigns, commands };
  }

  #declarations(context: string): { variables: string[]; assigns: boolean } {
    const variables: string[] = [];
    for (;;) {
      const start = this.#at;
      const variable = this.#nextWord();
      const sign = variable.kind === "variable" ? this.#nextWord() : variable;
      if (variable.kind === "variable" && (sign.kind === "assign" || sign.kind === "declare")) {
        this.#declare(variable.text, variables);
        return { variables, assigns: sign.kind === "assign" };
      }
      if (variable.kind !== "variable" || sign.kind !== "char" || sign.text !== ",") {
        this.#at = start;
        return { variables, assigns: false };
      }
      this.#declare(variable.text, variables);
      if (context !== "range" || variables.length > 1) this.#fail(`too many declarations in ${context}`);
      const { kind } = this.#peekWord();
      if (kind !== "variable" && kind !== "rightDelim" && kind !== "rightParen")
        this.#fail("range can only initialize variables");
    }
  }

  #declare(name: string, variables: string[]): void {
    variables.push(name);
    this.#variables.push(name);
  }

  #checkCommands(commands: readonly Command[], context: string): void {
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    const constant = commands.findIndex((command, stage) => stage > 0 && !canRun(command.operands[0]!));
    if (constant > 0) this.#fail(`non executable command in pipeline stage ${constant + 1}`);
  }

  #command(): Command {
    const { at } = this.#peekWord();
    const operands: Operand[] = [];
    for (;;) {
      this.#peekWord();
      const operand = this.#operand();
      if (operand !== undefined) operands.push(operand);
      const token = this.#next();
      if (token.kind === "space") continue;
      if (token.kind === "rightDelim" || token.kind === "rightParen") this.#back();
      else if (token.kind !== "pipe") this.#unexpected(token, "operand");
      break;
    }
    if (operands.length === 0) this.#fail("empty command");
    return { kind: "command", at, operands };
  }

  /** A term and the fields behind it. */
  #operand(): Operand | undefined {
    const term = this.#term();
    if (term === undefined || this.#peek().kind !== "field") return term;
    const { at } = this.#peek();
    const path: string[] = [];
    while (this.#peek().kind === "field") path.push(this.#next().text.slice(1));
    switch (term.kind) {
      case "field":
        return { kind: "field", at, path: [...term.path, ...path] };
      case "variable":
        return { kind: "variable", at, name: term.name, path };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return this.#fail(`unexpected . after term ${quote(printNode(term))}`);
      default:
        return { kind: "chain", at, of: term, path };
    }
  }

  #term(): Operand | undefined {
    const token = this.#nextWord();
    const { at, text } = token;
    switch (token.kind) {
      case "identifier":
        if (!this.#isFunction(text)) this.#fail(`function ${quote(text)} not defined`);
        return { kind: "identifier", at, name: text };
      case "dot":
      case "nil":
        return { kind: token.kind, at };
      case "variable":
        if (!this.#variables.includes(text)) this.#fail(`undefined variable ${quote(text)}`);
        return { kind: "variable", at, name: text, path: [] };
      case "field":
        return { kind: "field", at, path: [text.slice(1)] };
      case "bool":
        return { kind: "bool", at, value: text === "true" };
      case "rune":
      case "number":
        return this.#number(token);
      case "leftParen":
        return this.#parenthesized();
      case "string":
        return { kind: "string", at, source: text, value: unquote(text) ?? this.#fail("invalid syntax") };
      default:
        this.#back();
        return undefined;
    }
  }

  #number({ kind, at, text }: Token): Operand {
    if (kind === "number") {
      const value = parseNumber(text) ?? this.#fail(`bad number syntax: ${quote(text)}`);
      return { kind: "number", at, source: text, ...value };
    }
    const characters = Array.from(unquote(text) ?? "");
    if (characters.length !== 1) this.#fail(`malformed character constant: ${text}`);
    const code = characters[0]!.codePointAt(0)!;
    return { kind: "number", at, source: text, int: BigInt(code), float: code };
  }

  #parenthesized(): Pipe {
    if (++this.#nesting > maxNesting) this.#fail("too deeply nested");
    const pipe = this.#pipe("parenthesized pipeline", "rightParen");
    this.#nesting--;
    return pipe;
  }

  #expect(kind: Token["kind"], context: string): void {
    const token = this.#nextWord();
    if (token.kind !== kind) this.#unexpected(token, context);
  }

  #next(): Token {
    return this.#tokens[Math.min(this.#at++, this.#tokens.length - 1)]!;
  }

  #nextWord(): Token {
    let token = this.#next();
    while (token.kind === "space") token = this.#next();
    return token;
  }

  #peek(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]!;
  }

  /** Skips white space and looks at what follows. */
  #peekWord(): Token {
    while (this.#peek().kind === "space") this.#at++;
    return this.#peek();
  }

  #back(): void {
    this.#at--;
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind !== "error") return this.#fail(`unexpected ${describe(token)} in ${context}`);
    if (this.#actionLine === 0 || this.#actionLine === token.line) return this.#fail(token.text);
    const started = ` in action started at ${this.#name}:${this.#actionLine}`;
    return this.#fail(token.text + (token.text.endsWith(" action") ? started.slice(" in action".length) : started));
  }

  #fail(message: string): never {
    const { line } = this.#tokens[Math.min(Math.max(this.#at - 1, 0), this.#tokens.length - 1)]!;
    throw new RatatoskError("bad_request", `template: ${this.#name}:${line}: ${message}`);
  }
}

function startsOperand({ kind }: Token): boolean {
  switch (kind) {
    case "bool":
    case "rune":
    case "dot":
    case "field":
    case "identifier":
    case "number":
    case "nil":
    case "string":
    case "variable":
    case "leftParen":
      return true;
    default:
      return false;
  }
}

const canRun = ({ kind }: Operand): boolean =>
  kind !== "bool" && kind !== "dot" && kind !== "nil" && kind !== "number" && kind !== "string";

function describe({ kind, text }: Token): string {
  if (kind === "eof") return "EOF";
  if (keywords.has(kind) || kind === "nil" || kind === "dot") return `<${text}>`;
  return text.length > 10 ? `${quote(text.slice(0, 10))}...` : quote(text);
}
