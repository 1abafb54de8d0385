import { expect, test } from "vitest";
import { readSchemaConfig } from "./schema-config.ts";

const period = { from: "2024-01-31", store: "tsdb", schema: "v13", index: { prefix: "index_", period: "24h" } };

test("periods end where the next begins, whatever their order", () => {
  const configs = [period, { ...period, from: "2020-01-01", store: "boltdb-shipper", schema: "v9", index: null }];
  const [first, second] = readSchemaConfig({ schema_config: { configs } });
  expect(first).toMatchObject({ store: "boltdb-shipper", schema: 9, prefix: "index/index_", untilMs: second!.fromMs });
  expect(second).toMatchObject({ store: "tsdb", schema: 13, fromMs: Date.parse("2024-01-31"), untilMs: Infinity });
});

test.each<[configs: unknown, message: string]>([
  [undefined, "expected schema_config.configs, a list of periods"],
  [[], "expected schema_config.configs, a list of periods"],
  [[null], "from: expected a day such as 2024-01-31, got undefined"],
  [[{ ...period, from: "soon" }], "from: expected a day such as 2024-01-31, got soon"],
  [[{ ...period, store: "cassandra" }], "store: expected boltdb-shipper or tsdb, got cassandra"],
  [[{ ...period, schema: "v14" }], "schema: expected v9 to v13, got v14"],
  [[{ ...period, schema: 13 }], "schema: expected v9 to v13, got 13"],
  [[{ ...period, index: { period: "a day" } }], "index.period: expected a duration, got a day"],
])("%j is refused", (configs, message) => {
  expect(() => readSchemaConfig({ schema_config: { configs } })).toThrow(message);
});
