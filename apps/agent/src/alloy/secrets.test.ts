import { expect, test } from "vitest";
import { withoutSecrets } from "./secrets.ts";

const found: string[] = [];
const named = { with: "<$SECRET_NAME>", percent: 80, found: (rule: string) => void found.push(rule) };

test.each([
  ["user=bob logged in", "user=bob logged in"],
  ["key AKIAIOSFODNN7EXAMPLE used", "key <aws-access-key> used"],
  [`Authorization: token ghp_${"a1B2".repeat(9)}`, "Authorization: token <github-token>"],
  ["two xoxb-1234567890-abc and xoxp-0987654321-def.", "two <slack-token> and <slack-token>."],
  [
    "jwt=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U end",
    "jwt=<json-web-token> end",
  ],
  ["-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY----- after", "<private-key> after"],
])("%s", (text, result) => {
  expect(withoutSecrets(text, named)).toBe(result);
});

test("without a text in its place the end of a secret is left out", () => {
  const half = { with: "", percent: 50, found: () => undefined };
  expect(withoutSecrets("AKIAIOSFODNN7EXAMPLE", half)).toBe("AKIAIOSFOD...");
  expect(withoutSecrets("AKIAIOSFODNN7EXAMPLE", { ...half, percent: 100 })).toBe("REDACTED");
  expect(withoutSecrets("AKIAIOSFODNN7EXAMPLE", { ...half, with: "$SECRET_HASH" })).toMatch(/^[0-9a-f]{40}$/);
});
