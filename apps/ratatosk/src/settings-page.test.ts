import { readFileSync } from "node:fs";
import { settingsOf } from "@ratatosk/config";
import { expect, test } from "vitest";
import { Config } from "./config.ts";
import { settingsPage } from "./settings-page.ts";

test("docs/reference/settings.md is current (npm run docs writes it)", () => {
  const written = readFileSync(new URL("../../../docs/reference/settings.md", import.meta.url), "utf8");
  expect(written).toBe(settingsPage());
});

test("every setting says what it is for", () => {
  expect(settingsOf(Config).filter(({ description }) => description === "")).toEqual([]);
});
