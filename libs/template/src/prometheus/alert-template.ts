import { parseTemplate, type Template } from "../template.ts";
import { TextDict, type Value } from "../value.ts";
import { prometheusFunctions } from "./functions.ts";

/** What annotations and labels of an alert may refer to. */
export interface AlertData {
  readonly labels: ReadonlyMap<string, string>;
  readonly externalLabels?: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface AlertTemplate {
  /** Throws a TemplateError with Go's text. */
  expand(data: AlertData): string;
}

const shorthands = [
  "{{$labels := .Labels}}",
  "{{$externalLabels := .ExternalLabels}}",
  "{{$externalURL := .ExternalURL}}",
  "{{$value := .Value}}",
].join("");

/**
 * An annotation or label of an alerting rule: `{{ $labels.app }}: {{ $value | humanize }}`. Throws a RatatoskError with
 * Go's text under the name `__alert_<alert>`.
 */
export function parseAlertTemplate(text: string, alert: string, externalUrl = ""): AlertTemplate {
  const template: Template = parseTemplate(shorthands + text, {
    name: `__alert_${alert}`,
    functions: prometheusFunctions(externalUrl),
  });
  return {
    expand({ labels, externalLabels = new Map(), value }) {
      const data: [string, Value][] = [
        ["Labels", new TextDict(labels)],
        ["ExternalLabels", new TextDict(externalLabels)],
        ["ExternalURL", externalUrl],
        ["Value", value],
      ];
      return template.execute(new Map(data));
    },
  };
}
