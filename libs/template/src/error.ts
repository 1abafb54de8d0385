/** A template that fails while it runs: `template: line:1:2: executing "line" at <.a>: …`. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}
