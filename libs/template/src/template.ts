import { builtins } from "./builtins.ts";
import { byteLength } from "./byte-text.ts";
import { compileTemplate, type Surroundings } from "./compile/list.ts";
import { TemplateError } from "./error.ts";
import { Execution, type Run } from "./execution.ts";
import type { Functions } from "./function.ts";
import { type ParsedTemplates, parse } from "./parse/parser.ts";
import { printNode } from "./parse/tree.ts";
import type { Value } from "./value.ts";

export interface TemplateOptions {
  /** The template's name in messages: `line` for line_format, the label for label_format. */
  readonly name: string;
  /** What it may call besides Go's own (`eq`, `printf`, …). */
  readonly functions?: Functions;
  /** The length of output, or of a function's result, past which an execution fails; 16 Mi by default. */
  readonly maxOutput?: number;
}

/** A parsed template, ready to be executed any number of times. */
export interface Template {
  /** The name of the field where the whole template is one field action (`{{ .status }}`). */
  readonly singleField: string | undefined;
  /** The text alone where the template has no action. */
  readonly literal: string | undefined;
  /** Throws a TemplateError with Go's text. */
  execute(data: Value): string;
}

const defaultMaxOutput = 16 * 1024 * 1024;

/** Parses Go's text/template. Throws a RatatoskError `bad_request` with Go's text: `template: line:1: unclosed action`. */
export function parseTemplate(text: string, options: TemplateOptions): Template {
  const { name, maxOutput = defaultMaxOutput } = options;
  const functions: Functions = options.functions ? { ...builtins, ...options.functions } : builtins;
  const parsed = parse(text, name, (wanted) => Object.hasOwn(functions, wanted));
  const run = compileAll(parsed, functions);
  return {
    singleField: singleField(parsed),
    literal: literal(parsed),
    execute(data) {
      const execution = new Execution(name, maxOutput, data);
      try {
        run(execution, data);
      } catch (error) {
        throw failure(error as Error, execution, text, name);
      }
      return execution.out;
    },
  };
}

function compileAll({ main, defined }: ParsedTemplates, functions: Functions): Run {
  const compiled = new Map<string, Run>();
  const around: Surroundings = { functions, template: (name) => compiled.get(name) };
  for (const [name, nodes] of defined) compiled.set(name, compileTemplate(nodes, around));
  return compileTemplate(main, around);
}

function singleField({ main }: ParsedTemplates): string | undefined {
  const [node] = main;
  if (main.length !== 1 || node?.kind !== "action") return undefined;
  const { commands, variables } = node.pipe;
  const [operand] = commands[0]!.operands;
  const plain = commands.length === 1 && variables.length === 0 && commands[0]!.operands.length === 1;
  return plain && operand?.kind === "field" && operand.path.length === 1 ? operand.path[0] : undefined;
}

function literal({ main }: ParsedTemplates): string | undefined {
  return main.every((node) => node.kind === "text") ? main.map(({ text }) => text).join("") : undefined;
}

/** What went wrong, and where: `template: line:1:2: executing "line" at <.a>: …`. */
function failure(error: Error, { node, template }: Execution, text: string, name: string): TemplateError {
  if (node === undefined) return new TemplateError(`template: ${name}: ${error.message}`, { cause: error });
  const before = text.slice(0, node.at);
  const line = before.split("\n").length;
  const column = byteLength(before.slice(before.lastIndexOf("\n") + 1));
  const place = `template: ${name}:${line}:${column}: executing ${JSON.stringify(template)} at <${printNode(node)}>`;
  return new TemplateError(`${place}: ${error.message}`, { cause: error });
}
