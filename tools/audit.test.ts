import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findings } from "./audit.ts";

const url = "https://github.com/advisories/GHSA-aaaa-bbbb-cccc";
const report = {
  vulnerabilities: { ws: { via: [{ url, title: "a hole", severity: "high" }] }, app: { via: ["ws"] } },
};
const allowed = { advisory: "GHSA-aaaa-bbbb-cccc", package: "ws", reason: "not reached", until: "2027-01-01" };

test.each([
  ["known weakness", [], ["ws: high: a hole (https://github.com/advisories/GHSA-aaaa-bbbb-cccc)"]],
  ["allowed one", [allowed], []],
  ["one allowed until yesterday", [{ ...allowed, until: "2026-06-01" }], [expect.stringContaining("ws: high")]],
  ["one allowed of another package", [{ ...allowed, package: "zod" }], [expect.stringContaining("ws: high")]],
])("a %s", (_what, list, found) => expect(findings(report, list, "2026-06-01")).toEqual(found));

test("whatever is allowed has a reason and an end", () => {
  const list = JSON.parse(readFileSync(new URL("audit-allowed.json", import.meta.url), "utf8")) as (typeof allowed)[];
  for (const one of list)
    expect(one).toMatchObject({
      reason: expect.stringMatching(/.{20}/),
      until: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
});
