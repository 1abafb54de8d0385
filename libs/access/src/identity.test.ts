import { expect, test } from "vitest";
import { type Identity, tenantsFor } from "./identity.ts";

const ofTwo: Identity = { name: "ali", tenants: new Set(["b", "a"]), rights: new Set() };
const ofAll: Identity = { ...ofTwo, tenants: "all" };

test.each([
  [ofTwo, undefined, "a|b"],
  [ofTwo, "", "a|b"],
  [ofTwo, "a", "a"],
  [ofTwo, "b|a", "b|a"],
  [ofTwo, "a:since=1h", "a:since=1h"],
  [ofAll, undefined, undefined],
  [ofAll, "c", "c"],
])("%j with the header %s asks for %s", (identity, header, tenants) =>
  expect(tenantsFor(identity, header)).toBe(tenants),
);

test.each(["c", "a|c", "c:a", "A", "fake"])("%s is refused", (header) =>
  expect(() => tenantsFor(ofTwo, header)).toThrow("ali has no access to tenant"),
);
