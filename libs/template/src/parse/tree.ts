/** A template's tree. Every node knows where it stands (UTF-16 offset), for messages. */
export type Node =
  | { readonly kind: "text"; readonly at: number; readonly text: string }
  | { readonly kind: "action"; readonly at: number; readonly pipe: Pipe }
  | Branch
  | { readonly kind: "template"; readonly at: number; readonly name: string; readonly pipe: Pipe | undefined }
  | { readonly kind: "break" | "continue"; readonly at: number };

export interface Branch {
  readonly kind: "if" | "with" | "range";
  readonly at: number;
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[] | undefined;
}

/** `$a, $b := first | second`. */
export interface Pipe {
  readonly kind: "pipe";
  readonly at: number;
  readonly variables: readonly string[];
  /** `=` instead of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly kind: "command";
  readonly at: number;
  readonly operands: readonly Operand[];
}

export type Operand =
  | { readonly kind: "dot" | "nil"; readonly at: number }
  | { readonly kind: "bool"; readonly at: number; readonly value: boolean }
  | { readonly kind: "string"; readonly at: number; readonly source: string; readonly value: string }
  | NumberOperand
  | { readonly kind: "field"; readonly at: number; readonly path: readonly string[] }
  | { readonly kind: "variable"; readonly at: number; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: "chain"; readonly at: number; readonly of: Operand; readonly path: readonly string[] }
  | { readonly kind: "identifier"; readonly at: number; readonly name: string }
  | Pipe;

/** A number constant, usable as int where it is whole and as float64. */
export interface NumberOperand {
  readonly kind: "number";
  readonly at: number;
  readonly source: string;
  readonly int: bigint | undefined;
  readonly float: number;
}

/** What stands between `<` and `>` in a message: the source in its plainest spelling. */
export function printNode(node: Node | Command | Operand): string {
  switch (node.kind) {
    case "text":
      return JSON.stringify(node.text);
    case "action":
      return `{{${printNode(node.pipe)}}}`;
    case "template":
      return `{{template ${JSON.stringify(node.name)}${node.pipe ? ` ${printNode(node.pipe)}` : ""}}}`;
    case "if":
    case "with":
    case "range":
      return printBranch(node);
    case "break":
    case "continue":
      return `{{${node.kind}}}`;
    case "pipe":
      return printPipe(node);
    case "command":
      return node.operands
        .map((operand) => (operand.kind === "pipe" ? `(${printPipe(operand)})` : printNode(operand)))
        .join(" ");
    default:
      return printOperand(node);
  }
}

function printOperand(operand: Exclude<Operand, Pipe>): string {
  switch (operand.kind) {
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(operand.value);
    case "string":
    case "number":
      return operand.source;
    case "field":
      return dotted(operand.path);
    case "variable":
      return operand.name + dotted(operand.path);
    case "chain":
      return (operand.of.kind === "pipe" ? `(${printPipe(operand.of)})` : printNode(operand.of)) + dotted(operand.path);
    case "identifier":
      return operand.name;
  }
}

function printPipe(pipe: Pipe): string {
  const declared = pipe.variables.length === 0 ? "" : `${pipe.variables.join(", ")} ${pipe.assigns ? "=" : ":="} `;
  return declared + pipe.commands.map(printNode).join(" | ");
}

function printBranch({ kind, pipe, body, otherwise }: Branch): string {
  const text = (nodes: readonly Node[]): string =>
    nodes.map((node) => (node.kind === "text" ? node.text : printNode(node))).join("");
  return `{{${kind} ${printPipe(pipe)}}}${text(body)}${otherwise ? `{{else}}${text(otherwise)}` : ""}{{end}}`;
}

const dotted = (path: readonly string[]): string => path.map((name) => `.${name}`).join("");
