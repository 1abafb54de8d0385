import { test } from "vitest";
import { parseLabelText } from "./label-text.ts";
import { parse } from "./parse.ts";

const dashboard =
  'sum by (status) (rate({job="nginx", env=~"prod|qa"} |= "GET" | json | status >= 400 | duration > 1.5s [5m])) ' +
  '/ ignoring (status) group_left sum(rate({job="nginx", env=~"prod|qa"} |= "GET" [5m])) * 100 > 5';

test("parsing", async ({ bench }) => {
  await bench("a log query", () => void parse('{app="cart"} |= "error" | json | level="error"')).run();
  await bench("a query of a dashboard", () => void parse(dashboard)).run();
  await bench("labels of a push", () => {
    parseLabelText('{app="cart", cluster="eu-1", env="qa", pod="cart-7f9c", stream="stderr"}');
  }).run();
  await bench("labels of a push in another form", () => {
    parseLabelText(String.raw`{ app = 'cart', cluster="eu-1", env="q\"a", pod="cart-7f9c", stream="stderr", }`);
  }).run();
});
