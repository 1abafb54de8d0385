import type { LineFormat } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { TemplateError, toBytes } from "@ratatosk/template";
import { asBuffer } from "../block-view.ts";
import type { Row } from "../row.ts";
import { labelsDict, RowTemplate } from "./row-template.ts";
import type { Stage } from "./stage.ts";

export const templateError = "TemplateFormatErr";

/** `| line_format "{{.level}} {{.msg}}"`: the text becomes the line; where it fails, the line stays. */
export function lineFormatStage({ template: text }: LineFormat): Stage {
  const template = compile(text);
  const field = template.template.singleField;
  // A bare field is a label as it is; it never sees an error.
  if (field !== undefined) return (row) => replaceLine(row, row.get(field) ?? "");
  return (row) => {
    try {
      return replaceLine(row, template.execute(row, labelsDict(row)));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      row.fail(templateError, error.message);
      return true;
    }
  };
}

function replaceLine(row: Row, text: string): true {
  row.setLine(asBuffer(toBytes(text)));
  return true;
}

function compile(text: string): RowTemplate {
  try {
    return new RowTemplate(text, "line");
  } catch (error) {
    if (!(error instanceof RatatoskError)) throw error;
    throw new RatatoskError("bad_request", `invalid line template: ${error.message}`);
  }
}
