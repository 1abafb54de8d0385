import { LimitsConfig } from "@ratatosk/config";
import { labelsFrom } from "@ratatosk/model";
import { expect, test } from "vitest";
import { otlpRules } from "./otlp-rules.ts";
import { Policies } from "./policies.ts";

const policies = new Policies(
  LimitsConfig.parse({
    policy_stream_mapping: {
      finance: [{ selector: '{team=~"fin.*", env!="dev"}', priority: 2 }],
      all: [{ selector: '{team=~".+"}', priority: 1 }],
    },
    policy_enforced_labels: { finance: ["owner"] },
    block_ingestion_policy_until: { all: "2099-01-01T00:00:00Z" },
  }),
);

test.for<[Record<string, string>, string]>([
  [{ team: "finance", env: "prod" }, "finance"],
  [{ team: "finance", env: "dev" }, "all"],
  [{ team: "shop" }, "all"],
  [{ app: "cart" }, ""],
])("a stream of %j falls under policy %j", ([labels, policy]) => {
  expect(policies.of(labelsFrom(Object.entries(labels)))).toBe(policy);
});

test("a policy asks for labels and may be blocked", () => {
  expect([policies.enforcedLabels("finance"), policies.enforcedLabels("all")]).toEqual([["owner"], []]);
  expect([policies.blockedUntil("all"), policies.blockedUntil("")]).toEqual(["2099-01-01T00:00:00Z", ""]);
});

test("the first rule for an OTLP attribute counts, whole names match an expression", () => {
  const rules = otlpRules(
    LimitsConfig.parse({
      otlp_config: {
        resource_attributes: {
          attributes_config: [
            { action: "index_label", attributes: ["team"] },
            { action: "drop", regex: "secret\\..*" },
          ],
        },
        log_attributes: [{ action: "drop", attributes: ["password"] }, { regex: "http\\..*" }],
      },
    }),
    ["service.name"],
  );
  const names = ["service.name", "team", "secret.key", "my.secret.key", "host.name"];
  expect(names.map((name) => rules.resource(name))).toEqual(["label", "label", "drop", "metadata", "metadata"]);
  expect(["password", "http.method", "other"].map((name) => rules.record!(name))).toEqual([
    "drop",
    "metadata",
    "metadata",
  ]);
  expect(rules.scope).toBeUndefined();
});
