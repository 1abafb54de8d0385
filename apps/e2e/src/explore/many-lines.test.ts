import { describe, expect, test } from "vitest";
import { chromiumPath } from "./browser.ts";
import { manyLines, pushStreams } from "./lines.ts";
import { Shop } from "./testing.ts";

const count = 100_000;
const mostBytes = 200e6;
/** Some lines have come by then, and most have not. */
const deadlyRequest = 6;

describe.skipIf(chromiumPath === undefined)("a hundred thousand lines", () => {
  const shop = new Shop();

  const range = "from=2026-01-14T11:00:00Z&to=2026-01-14T13:00:00Z&utc=1";
  const search = `?${range}&limit=${count}&q=${encodeURIComponent('{app="many"}')}`;

  test("scroll with few rows in the page and little memory", async () => {
    await pushStreams(shop.server.url, [manyLines(count)]);
    const visitor = await shop.visit(search);
    const { page } = visitor;
    await page.locator(".count", { hasText: /^100,000 lines/ }).waitFor({ timeout: 120_000 });
    const frames = await page.evaluate(scroll);
    expect(await visitor.lines().count()).toBeLessThan(120);
    await page.locator(".lines").press("End");
    await visitor.lines("path=/api/items/0 ").waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    console.log(`100,000 lines: ${frames} frames a second, ${Math.round(usedSize / 1e6)} MB`);
    expect(usedSize).toBeLessThan(mostBytes);
  });

  test("stay as far as they came when the server dies in the middle", async () => {
    const visitor = await shop.visit("");
    let asked = 0;
    await visitor.page.route("**/query_range*", async (route) => {
      if (++asked === deadlyRequest) await shop.server.kill();
      await route.continue();
    });
    await visitor.page.goto(`${shop.server.url}/ui/${search}`);
    await visitor.page.getByRole("alert").filter({ hasText: "The server cannot be reached" }).waitFor();
    expect(await visitor.lines().count()).toBeGreaterThan(10);
  });
});

/** Scrolls for 120 frames in the page; how many there were a second. */
function scroll(): Promise<number> {
  return new Promise((resolve) => {
    const list = document.querySelector(".lines")!;
    const began = performance.now();
    let shown = 0;
    const step = (): void => {
      list.scrollTop += 400;
      shown++;
      if (shown < 120) requestAnimationFrame(step);
      else resolve(Math.round((shown * 1000) / (performance.now() - began)));
    };
    requestAnimationFrame(step);
  });
}
