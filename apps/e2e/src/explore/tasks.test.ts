import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chromiumPath } from "./browser.ts";
import { pushStreams } from "./lines.ts";
import { Shop } from "./testing.ts";

const ways = ["mouse", "keyboard"] as const;

describe.skipIf(chromiumPath === undefined)("what people come to Explore for", () => {
  const shop = new Shop();
  const { nginxFailures, traceId, lastHour } = shop.day;

  test("yesterday's 500s of nginx are found by mouse", async () => {
    const visitor = await shop.visit("?utc=1");
    const { page } = visitor;
    await visitor.presses(/Last hour/, "mouse");
    await visitor.presses("Last 2 days", "mouse");
    await page.getByRole("button", { name: /^Label/ }).click();
    await page.locator(".pick").getByRole("button", { name: "app", exact: true }).click();
    await page.locator(".pick").getByRole("button", { name: "nginx" }).click();
    await page.getByRole("button", { name: /^Text/ }).click();
    await page.getByPlaceholder("Text of the line").fill('HTTP/1.1" 500 ');
    await visitor.presses("Add", "mouse");
    await visitor.counts(`${nginxFailures} lines`);
    await page.getByRole("button", { name: /Remove service_name/ }).click();
    await visitor.counts(`${nginxFailures} lines`);
    expect(await visitor.editor().textContent()).toBe(String.raw`{app="nginx"} |= "HTTP/1.1\" 500 "`);
  });

  test("yesterday's 500s of nginx are found by keyboard", async () => {
    const visitor = await shop.visit("?utc=1");
    const { keyboard } = visitor.page;
    await visitor.presses(/Last hour/, "keyboard");
    await visitor.page.getByLabel("From").waitFor();
    await keyboard.press("Control+a");
    await keyboard.type("now-2d");
    await keyboard.press("Enter");
    await visitor.reaches(visitor.editor());
    await keyboard.press("Control+a");
    await keyboard.type('{app="ngi');
    await visitor.page.locator(".cm-tooltip-autocomplete li[aria-selected]", { hasText: "nginx" }).waitFor();
    await keyboard.press("Enter");
    expect(await visitor.editor().textContent()).toBe('{app="nginx"}');
    await keyboard.press("End");
    await keyboard.type(' |= `HTTP/1.1" 500 `');
    await keyboard.press("Enter");
    await visitor.counts(`${nginxFailures} lines`);
    await visitor.reaches(visitor.page.locator(".lines"));
    await keyboard.press("ArrowDown");
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    await visitor.page.locator(".line.open[data-index='2']").waitFor();
  });

  test.each(ways)("a container is followed, paused and let go by %s", async (way) => {
    const container = `followed-by-${way}`;
    const visitor = await shop.visit(`?q=${encodeURIComponent(`{container="${container}"}`)}`, {}, Date.now());
    const push = (line: string): Promise<void> =>
      pushStreams(shop.server.url, [{ labels: { container }, values: [[`${Date.now()}000000`, line]] }]);
    await visitor.presses("Live", way);
    await visitor.page.getByText(/Following/).waitFor();
    await push("first line");
    await visitor.lines("first line").waitFor();
    await visitor.presses("Pause", way);
    await push("second line");
    await visitor.page.getByText("Paused, 1 line waiting").waitFor();
    expect(await visitor.lines("second line").count()).toBe(0);
    await visitor.presses("Go on", way);
    await visitor.lines("second line").waitFor();
    await visitor.presses("Stop", way);
    await visitor.page.getByText(/Following/).waitFor({ state: "detached" });
  });

  test.each(ways)("a trace id is found, its line unfolded and seen among its neighbours by %s", async (way) => {
    const visitor = await shop.look('{app="checkout"} | json');
    const { page } = visitor;
    await visitor.presses(page.getByRole("button", { name: /^Text/ }), way);
    await page.getByPlaceholder("Text of the line").waitFor();
    if (way === "mouse") await page.getByPlaceholder("Text of the line").click();
    await page.keyboard.type(traceId);
    await (way === "mouse" ? visitor.presses("Add", way) : page.keyboard.press("Enter"));
    await visitor.counts("1 line");
    if (way === "mouse") await page.locator(".line-head").click();
    else {
      await visitor.reaches(page.locator(".lines"));
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
    }
    const fields = page.getByRole("region", { name: "Fields" });
    expect(await fields.locator(".pair", { hasText: "trace_id" }).first().textContent()).toContain(traceId);
    await visitor.presses("Show context", way);
    await page.locator(".context .here").waitFor();
    expect(await page.locator(".context .line-head").count()).toBeGreaterThan(4);
    await visitor.presses(`Without trace_id ${traceId}`, way);
    await page.getByRole("heading", { name: "No lines in this range" }).waitFor();
  });

  test.each(ways)("the service that got loud is seen and opened by %s", async (way) => {
    const visitor = await shop.look('{env="prod"}');
    await visitor.presses("Services", way);
    const row = visitor.page.locator("tr", { hasText: "payments" });
    await row.locator(".loud").waitFor();
    expect(await row.locator(".loud").textContent()).toMatch(/^× \d+/);
    await visitor.presses(row.getByRole("button", { name: "payments" }), way);
    await visitor.lines("retrying upstream").first().waitFor();
  });

  test.each([
    ["mouse", "JSONL", 0, /^\{"timestamp":"17684\d{14}","line":.*"env":"prod"/],
    ["keyboard", "CSV", 1, /^time,nanoseconds,.*env,.*line$/],
  ] as const)("an hour is exported by %s as %s", async (way, kind, heads, first) => {
    const visitor = await shop.look('{env="prod"}');
    await visitor.lines().first().waitFor();
    await visitor.presses("Share and export", way);
    const [download] = await Promise.all([
      visitor.page.waitForEvent("download"),
      visitor.presses(new RegExp(`Export.*${kind}`), way),
    ]);
    await visitor.page.getByRole("status").filter({ hasText: "lines exported" }).waitFor();
    const text = readFileSync(await download.path(), "utf8")
      .trimEnd()
      .split("\n");
    expect(text.length).toBe(lastHour + heads);
    expect(text[0]).toMatch(first);
  });
});
