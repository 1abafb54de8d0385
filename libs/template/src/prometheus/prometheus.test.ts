import { expect, test } from "vitest";
import { parseAlertTemplate } from "./alert-template.ts";

const expand = (text: string, value = 1234567): string =>
  parseAlertTemplate(text, "A", "http://ruler/base").expand({
    labels: new Map([
      ["app", "web"],
      ["host", "a.b.c:80"],
    ]),
    externalLabels: new Map([["region", "eu"]]),
    value,
  });

test.each<[string, number, string]>([
  ["{{ $labels.app }}: {{ $value }}", 2.5, "web: 2.5"],
  ["{{ $labels.nope }}|{{ .Labels.app }}|{{ $externalLabels.region }}|{{ .Value }}", 1, "|web|eu|1"],
  ["{{ if gt $value 5.0 }}page{{ else }}warn{{ end }}", 6, "page"],
  ["{{ $value | humanize }} {{ humanize 0.0012 }} {{ humanize 0.0 }}", 1234567, "1.235M 1.2m 0"],
  ["{{ $value | humanize1024 }}", 1048576, "1Mi"],
  ["{{ $value | humanizeDuration }}", 93784, "1d 2h 3m 4s"],
  ["{{ $value | humanizeDuration }}", 59.123456, "59.12s"],
  ["{{ $value | humanizeDuration }}", -0.0015, "-1.5ms"],
  ["{{ $value | humanizePercentage }}", 0.1234567, "12.35%"],
  ["{{ $value | humanizeTimestamp }}", 1435065584.128, "2015-06-23 13:19:44.128 +0000 UTC"],
  ['{{ printf "%.2f" $value }}', 2, "2.00"],
  ['{{ $labels.host | stripPort }} {{ stripDomain $labels.host }} {{ stripPort "x" }}', 1, "a.b.c a:80 x"],
  ['{{ title "ab" }}{{ toUpper "x" }}{{ toLower "Y" }}', 1, "AbXy"],
  ['{{ define "t" }}{{ .arg0 }}-{{ .arg1 }}{{ end }}{{ template "t" (args 1 "x") }}', 1, "1-x"],
  ["{{ externalURL }}{{ pathPrefix }}", 1, "http://ruler/base/base"],
])("%s of %d is %s", (text, value, expected) => {
  expect(expand(text, value)).toBe(expected);
});

test.each([
  ["{{ nothing }}", 'template: __alert_A:1: function "nothing" not defined'],
  ["{{ $value", "template: __alert_A:1: unclosed action"],
])("refuses %s", (text, message) => {
  expect(() => parseAlertTemplate(text, "A")).toThrow(expect.objectContaining({ message }));
});
