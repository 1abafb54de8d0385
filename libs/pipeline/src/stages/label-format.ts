import type { LabelAssignment, LabelFormat } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { TemplateError, type TextDict } from "@ratatosk/template";
import type { Row } from "../row.ts";
import { templateError } from "./line-format.ts";
import { labelsDict, RowTemplate } from "./row-template.ts";
import type { Stage } from "./stage.ts";

/** Changes one label; `snapshot` gives the labels that the templates of the stage see. */
type Assign = (row: Row, snapshot: () => TextDict) => void;

/** `| label_format to=from, other="{{.template}}"`. */
export function labelFormatStage({ formats }: LabelFormat): Stage {
  const assigns = formats.map(compile);
  return (row) => {
    let labels: TextDict | undefined;
    const snapshot = (): TextDict => (labels ??= labelsDict(row));
    for (const assign of assigns) assign(row, snapshot);
    return true;
  };
}

function compile(assignment: LabelAssignment): Assign {
  return assignment.kind === "rename"
    ? rename(assignment.label, assignment.from)
    : format(assignment.label, compileTemplate(assignment.label, assignment.template));
}

function rename(to: string, from: string): Assign {
  return (row) => {
    const value = row.get(from);
    if (value === undefined) return;
    row.set(to, value);
    row.delete(from);
  };
}

function format(label: string, template: RowTemplate): Assign {
  return (row, snapshot) => {
    try {
      row.set(label, template.execute(row, snapshot()));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      row.fail(templateError, error.message);
    }
  };
}

function compileTemplate(label: string, text: string): RowTemplate {
  try {
    return new RowTemplate(text, "label");
  } catch (error) {
    if (!(error instanceof RatatoskError)) throw error;
    throw new RatatoskError("bad_request", `invalid template for label '${label}': ${error.message}`);
  }
}
