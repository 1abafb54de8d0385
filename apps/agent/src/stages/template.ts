import { TemplateError } from "@ratatosk/template";
import { textOf } from "../entry.ts";
import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";
import { compileTemplate, templateData } from "./template-text.ts";

export interface TemplateOptions {
  readonly source: string;
  readonly template: string;
}

/** `template`: writes an extracted value; an empty result deletes it, a failing template changes nothing. */
export function templateStage({ source, template }: TemplateOptions): StageConfig["build"] {
  if (source === "") throw new Error("template source value is required");
  const compiled = compileTemplate(template);
  return ({ log }) =>
    everyEntry((entry) => {
      const value = textOf(entry.extracted.get(source));
      try {
        const result = compiled.execute(templateData(entry, value));
        if (result === "") entry.extracted.delete(source);
        else entry.extracted.set(source, result);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        log.debug({ err: error }, "failed to execute template on extracted value");
      }
    });
}
