import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { Access } from "./access.ts";
import { AccessConfig } from "./config.ts";
import { hashPassword } from "./password-hash.ts";
import { hashToken } from "./token-hash.ts";

const folder = mkdtempSync(join(tmpdir(), "access-"));
afterAll(() => rmSync(folder, { recursive: true }));
const running: Access[] = [];
afterEach(() => running.splice(0).forEach((access) => access.stop()));

const token = "a-token-of-some-length";
const hash = await hashPassword("open: sesame", 10);
const ali = { name: "ali", password_hash: hash, tenants: ["a", "b"] };
const basic = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;

function accessWith(config: unknown, authEnabled = true): Access {
  const access = new Access({ config: AccessConfig.parse(config), authEnabled });
  running.push(access);
  return access;
}

test.each([
  [basic("ali", "open: sesame"), "ali"],
  [basic("ali", "open: sesame ").replace("Basic", "basic"), undefined],
  [basic("ali", ""), undefined],
  [basic("Ali", "open: sesame"), undefined],
  [`Bearer ${token}`, "agent"],
  [`bearer   ${token} `, "agent"],
  [`Bearer ${token}x`, undefined],
  [`Bearer `, undefined],
  [`Basic ${token}`, undefined],
  ["Basic !!!", undefined],
  [`Digest ${token}`, undefined],
  [undefined, undefined],
])("%s stands for %s", async (header, name) => {
  const access = accessWith({ users: [ali], tokens: [{ name: "agent", token, tenants: ["*"] }] });
  expect((await access.identify(header))?.name).toBe(name);
  expect((await access.identify(header))?.name).toBe(name); // also when it is remembered
});

test("a token is as good as its hash", async () => {
  const access = accessWith({ tokens: [{ name: "agent", token_hash: hashToken(token), tenants: ["a"] }] });
  expect((await access.identify(`Bearer ${token}`))?.tenants).toEqual(new Set(["a"]));
});

test.each([
  [{ users: [{ ...ali, tenants: [] }] }, true, 'auth.users.0.tenants: is required with auth_enabled, ["*"] for all'],
  [{ users: [ali] }, false, "auth.users.0.tenants: there are no tenants without auth_enabled"],
  [{ users: [{ ...ali, tenants: ["../b"] }] }, true, "auth.users.0.tenants: tenant ID '../b' contains unsupported"],
  [{ users: [ali, ali] }, true, "auth.users.1.name: there are two users ali"],
  [{ users: [{ ...ali, password_hash: "x" }] }, true, "auth.users.0.password_hash: expected what"],
  [{ tokens: [{ name: "x", tenants: ["a"] }] }, true, "auth.tokens.0: expected either token or token_hash"],
  [{ tokens: [{ name: "x", token: "short", tenants: ["a"] }] }, true, "auth.tokens.0.token: is too short"],
])("%j is refused", (config, authEnabled, message) => expect(() => accessWith(config, authEnabled)).toThrow(message));

test("many who guess at once are turned away, and whoever is known is not", async () => {
  const access = accessWith({ users: [ali] });
  const right = basic("ali", "open: sesame");
  await access.identify(right);
  const guesses = Array.from({ length: 60 }, (_, i) => access.identify(basic("ali", String(i))).catch(String));
  expect((await access.identify(right))?.name).toBe("ali");
  const answers = await Promise.all(guesses);
  expect(new Set(answers)).toEqual(new Set([undefined, "RatatoskError: too many passwords are being checked"]));
});

test("the file is read again; what is taken out of it is out, what is broken changes nothing", async () => {
  const file = join(folder, "accounts.yaml");
  writeFileSync(file, `users: [{name: ali, password_hash: "${hash}", tenants: [a]}]`);
  const access = accessWith({ file, period: "10ms" });
  await access.start();
  const header = basic("ali", "open: sesame");
  expect((await access.identify(header))?.name).toBe("ali");
  writeFileSync(file, "users: [");
  expect((await access.identify(header))?.name).toBe("ali");
  writeFileSync(file, "users: []");
  await vi.waitFor(async () => expect(await access.identify(header)).toBeUndefined());
  expect(access.isOn).toBe(true);
});
