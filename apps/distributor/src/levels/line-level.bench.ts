import { LimitsConfig } from "@ratatosk/config";
import { test } from "vitest";
import { FieldNames } from "./field-names.ts";
import { lineLevel } from "./line-level.ts";

const fields = new FieldNames(LimitsConfig.parse({}).log_level_fields);
const lines: Record<string, string> = {
  "nginx, no level":
    '10.1.2.3 - - [25/Nov/2026:12:00:00 +0000] "GET /api/v1/orders/17?q=a1b2c3&page=7 HTTP/1.1" 200 5120 "-" "Mozilla/5.0 (X11)" 0.013',
  JSON: '{"ts":"2026-11-25T12:00:00Z","level":"info","logger":"http.server","msg":"request completed","status":200}',
  logfmt: 'level=info ts=2026-11-25T12:00:00Z caller=flush.go:17 msg="request completed" duration=13ms',
  Java: "2026-11-25 12:00:00,123 INFO  [main-1] com.acme.orders.OrderService - request completed took 13 ms",
};

test("the level of a line", async ({ bench }) => {
  for (const [name, line] of Object.entries(lines)) {
    const bytes = Buffer.from(line);
    await bench(`${name}, ${bytes.length} bytes`, () => void lineLevel(bytes, 0, bytes.length, fields, 2)).run();
  }
});
