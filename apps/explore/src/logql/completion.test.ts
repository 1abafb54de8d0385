import { expect, test } from "vitest";
import { completingAt } from "./completion.ts";

test.each([
  ["|", "function"],
  ["ra|", "function"],
  ["sum(|", "function"],
  ["{|", "label-name"],
  ["{ap|", "label-name"],
  ['{app="a", e|', "label-name"],
  ["{app|=", "label-name"],
  ['{app="|', "label-value app"],
  ['{app="a", env=~"pr|', 'label-value env {app="a"}'],
  ['{app="a"} ¦ |', "stage"],
  ['{app="a"} ¦ js|', "stage"],
  ['{app="a"} ¦ json ¦ status="2|', "field-value status"],
  ['{app="a"} ¦= "err|', "nothing"],
  ["sum by (|", "grouping"],
  ["sum by (app, h|", "grouping"],
  ['rate({app="a"}[|', "range"],
  ['rate({app="a}[1m]"} ¦ |', "stage"],
  ['{app="a"}|', "nothing"],
])("%s", (marked, expected) => {
  const cursor = marked.indexOf("|");
  const text = marked.replace("|", "").replaceAll("¦", "|");
  const found = completingAt(text, cursor);
  const words = [found.kind, "name" in found ? found.name : "", "selector" in found ? found.selector : ""];
  expect(words.filter((word) => word !== "").join(" ")).toBe(expected);
});
