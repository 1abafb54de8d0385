import { expect, test } from "vitest";
import { hashPassword, isPassword, readPasswordHash } from "./password-hash.ts";

test("a hash belongs to its password and to no other, and no two are alike", async () => {
  const [one, two] = await Promise.all([hashPassword("ärger 1"), hashPassword("ärger 1")]);
  expect(one).not.toBe(two);
  const hash = readPasswordHash(one)!;
  await expect(isPassword("ärger 1", hash)).resolves.toBe(true);
  await expect(isPassword("ärger 2", hash)).resolves.toBe(false);
  await expect(isPassword("", hash)).resolves.toBe(false);
});

test.each([
  "",
  "secret",
  "$2y$10$abcdefghijklmnopqrstuv",
  "$scrypt$ln=15,r=8,p=3$c2FsdA$",
  "$scrypt$ln=0,r=8,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA",
  "$scrypt$ln=63,r=8,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA",
])("%j is no hash", (text) => expect(readPasswordHash(text)).toBeUndefined());
