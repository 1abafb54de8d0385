import { LimitsConfig } from "@ratatosk/config";
import { expect, test } from "vitest";
import { withRequestLimits } from "./request-limits.ts";

const own = LimitsConfig.parse({ max_query_length: "1h", max_query_series: 10, required_labels: ["env"] });
const withHeader = (header: string) => withRequestLimits(own, { "x-loki-query-limits": header });

test("a header tightens limits and never loosens them", () => {
  const limits = withHeader('{"maxQueryLength":"30m","maxEntriesLimitPerQuery":9000,"requiredLabels":["app"]}');
  expect(limits).toMatchObject({
    max_query_length: 1_800_000,
    max_entries_limit_per_query: own.max_entries_limit_per_query,
    required_labels: ["env", "app"],
  });
  expect(withHeader('{"maxQueryLength":"2h"}').max_query_length).toBe(own.max_query_length);
});

test.each(["", "{", "7", '{"maxQueryLength":"soon"}'])("%j changes nothing", (header) => {
  expect(withHeader(header)).toEqual(own);
});
