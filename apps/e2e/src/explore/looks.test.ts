import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chromiumPath } from "./browser.ts";
import { root, Shop } from "./testing.ts";
import type { Look, Visitor } from "./visitor.ts";

const pictures = join(root, "docs/explore");
/** Pictures are drawn anew only when asked for: PICTURES=1. */
const draws = process.env["PICTURES"] === "1";
/** What the manual shows, each in light and in dark. */
const inManual = new Set(
  ["lines", "lines-phone", "chart", "services", "operate"].flatMap((name) => [`${name}-light`, `${name}-dark`]),
);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const largestPage = 350_000;

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

describe.skipIf(chromiumPath === undefined)("how Explore looks", () => {
  const shop = new Shop();

  test("the whole page is small", () => {
    const folder = join(root, "apps/explore/dist/page");
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".gz"));
    expect(names.length).toBeGreaterThan(2);
    expect(names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThan(largestPage);
  });

  const rate = 'sum by (app) (rate({env="prod"} [5m]))';
  type View = [name: string, more: string, query: string, ready: string];
  const lines: View = ["lines", "", '{env="prod"}', ".lines .line"];
  const views: View[] = [
    lines,
    ["fields", "panel=fields&", '{app="checkout"}', ".side .field"],
    ["patterns", "panel=patterns&", '{app="checkout"}', ".patterns li"],
    ["chart", "chart=stacked&", rate, ".series-legend li"],
    ["table", "instant=1&", rate, "tbody td"],
    ["services", "view=services&", "", "tbody tr .number"],
    ["operate", "view=operate&", "", ".tile tbody tr"],
  ];
  const looks: [name: string, look: Look][] = [
    ["light", {}],
    ["dark", { dark: true }],
    ["phone-light", { width: 390, height: 844 }],
    ["phone-dark", { width: 390, height: 844, dark: true }],
  ];

  test.each(looks)("in %s axe finds nothing wrong, nothing is wider than the window", async (name, look) => {
    const visitor = await shop.visit("", look);
    const { page } = visitor;
    for (const [view, more, query, ready] of name === "phone-dark" ? [lines] : views) {
      await page.goto(shop.address(query, more));
      await page.locator(ready).first().waitFor();
      if (view === "lines") {
        await page.locator(".key", { hasText: "error" }).waitFor();
        await page.locator(".line-head").nth(3).click();
      }
      if (view === "fields") await page.locator(".field").first().click();
      const found = look.width === undefined || view === "lines" ? await violations(visitor) : [];
      expect([view, found]).toEqual([view, []]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([view, width]).toEqual([view, look.width ?? 1360]);
      if (draws && inManual.has(`${view}-${name}`)) await draw(visitor, `${view}-${name}`);
    }
  });
});

async function violations({ page }: Visitor): Promise<string[]> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations: found } = await (globalThis as unknown as { axe: Axe }).axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  });
}

/** Times of answers are left out: they differ from run to run. */
async function draw({ page }: Visitor, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({
    path: join(pictures, `${name}.png`),
    mask: [page.locator(".stats")],
    maskColor: "transparent",
  });
}
