import { test } from "vitest";
import { logqlFunctions } from "./logql/functions.ts";
import { parseTemplate } from "./template.ts";
import { TextDict } from "./value.ts";

const labels = new TextDict([
  ["method", "GET"],
  ["path", "/api/v2/carts/16"],
  ["status", "500"],
  ["duration", "15ms"],
]);
const functions = logqlFunctions({ line: () => "a line", timestamp: () => 1768471212000000003n });

for (const text of [
  "{{.status}} {{.path}}",
  '{{ if eq .status "500" }}E{{ else }}ok{{ end }} {{ .path | trunc 8 | upper }}',
  '{{ printf "%-8s|%5s|" .method .status }}',
  '{{ __timestamp__ | date "2006-01-02T15:04:05.000Z07:00" }} {{ duration .duration }}',
])
  test(`executes ${text}`, async ({ bench }) => {
    const template = parseTemplate(text, { name: "line", functions });
    await bench(text, () => void template.execute(labels)).run();
  });
