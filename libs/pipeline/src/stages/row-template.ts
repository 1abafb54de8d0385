import { fn, parseTemplate, type Template, Time } from "@ratatosk/template";
import type { Row } from "../row.ts";

/** A template over the labels of rows, which may also read the line and the time of the row. */
export class RowTemplate {
  readonly template: Template;
  #row: Row | undefined;

  /** Throws bad_request with Go's text. */
  constructor(text: string, name: string) {
    const line = fn("", () => this.#row!.text());
    const timestamp = fn("", () => new Time(this.#row!.base + BigInt(this.#row!.delta), "UTC"));
    this.template = parseTemplate(text, {
      name,
      functions: { __line__: line, __timestamp__: timestamp },
    });
  }

  /** Throws a TemplateError. */
  execute(row: Row, labels: LabelsDict): string {
    this.#row = row;
    return this.template.execute(labels);
  }
}

/** The labels of a row as templates read them; what is missing reads as "". */
export class LabelsDict extends Map<string, string> {
  readonly zero = "";

  static of(row: Row): LabelsDict {
    const dict = new LabelsDict();
    for (const { name, value } of row.labels()) dict.set(name, value);
    return dict;
  }
}
