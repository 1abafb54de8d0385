import type { Functions } from "./function.ts";
import type { Dict, Value } from "./value.ts";

export interface TemplateOptions {
  /** The template's name in messages: `line` for line_format, the label for label_format. */
  readonly name: string;
  /** What it may call besides Go's own (`eq`, `printf`, …). */
  readonly functions?: Functions;
  /** The size in UTF-16 units past which an execution fails; 1 Mi by default. */
  readonly maxOutput?: number;
}

/** A parsed template, ready to be executed any number of times, one execution at a time. */
export interface Template {
  /** The name of the field where the whole template is one field action (`{{ .status }}`). */
  readonly singleField: string | undefined;
  /** Throws a TemplateError with Go's text. */
  execute(data: Value | Dict): string;
}

/** A template that fails while it runs: `template: line:1:2: executing "line" at <.a>: …`. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/** Parses Go's text/template. Throws a RatatoskError `bad_request` with Go's text: `template: line:1: unclosed action`. */
export function parseTemplate(text: string, options: TemplateOptions): Template {
  throw new Error(`${options.name} ${text}`);
}
