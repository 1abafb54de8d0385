import { readFileSync } from "node:fs";
import { settingsOf } from "@ratatosk/config";
import { expect, test } from "vitest";
import { Config } from "../config.ts";
import { httpApi } from "./http-api.ts";
import { servedPaths } from "./http-api-page.ts";
import { referencePages } from "./pages.ts";

test.each(Object.entries(referencePages))("docs/reference/%s is current (npm run docs writes it)", (name, page) => {
  const written = readFileSync(new URL(`../../../../docs/reference/${name}`, import.meta.url), "utf8");
  expect(written).toBe(page());
});

test("every setting says what it is for", () => {
  expect(settingsOf(Config).filter(({ description }) => description === "")).toEqual([]);
});

test("every path that is served is described", () => {
  const described = Object.values(httpApi).flatMap((paths) => Object.keys(paths));
  expect([...servedPaths().keys()].toSorted()).toEqual(described.toSorted());
});
