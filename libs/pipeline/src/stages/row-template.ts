import { fromBytes, logqlFunctions, parseTemplate, type Template, TextDict } from "@ratatosk/template";
import type { Row } from "../row.ts";

/** A template over the labels of rows, which may also read the line and the time of the row. */
export class RowTemplate {
  readonly template: Template;
  #row: Row | undefined;

  /** Throws bad_request with Go's text. */
  constructor(text: string, name: string) {
    this.template = parseTemplate(text, {
      name,
      functions: logqlFunctions({
        line: () => fromBytes(this.#row!.line()),
        timestamp: () => this.#row!.base + BigInt(this.#row!.delta),
      }),
    });
  }

  /** Throws a TemplateError. */
  execute(row: Row, labels: TextDict): string {
    this.#row = row;
    return this.template.execute(labels);
  }
}

/** The labels of a row as templates read them. */
export function labelsDict(row: Row): TextDict {
  return new TextDict(row.labels().map(({ name, value }) => [name, value] as const));
}
