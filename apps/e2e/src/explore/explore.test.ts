import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { chromiumPath } from "./browser.ts";
import { hostileLine, noonMs } from "./lines.ts";
import { root, Shop } from "./testing.ts";

const ways = ["mouse", "keyboard"] as const;

describe.skipIf(chromiumPath === undefined)("Explore in Chromium", () => {
  const shop = new Shop();

  test("the first page shows the newest lines at once, and `/` leads there", async () => {
    const visitor = await shop.visit("");
    await visitor.page.goto(`${shop.server.url}/`);
    await visitor.lines().first().waitFor();
    expect(await visitor.page.locator(".chip").first().textContent()).toContain("service_name");
    expect(visitor.page.url()).toContain("/ui/?q=");
  });

  test("chips and text stay in step", async () => {
    const visitor = await shop.look('{app="checkout"}');
    const { page } = visitor;
    await visitor.asks('{app="checkout", env="prod"} |= "cart"');
    await page.getByRole("button", { name: "Change line contains cart" }).click();
    await page.getByLabel("Value").fill("order");
    await page.getByLabel("Comparison").selectOption("does not contain");
    await visitor.presses("Apply", "mouse");
    expect(await visitor.editor().textContent()).toBe('{app="checkout", env="prod"} != "order"');
    await page.locator(".builder").getByRole("button", { name: "Field" }).click();
    await page
      .locator(".pick")
      .getByRole("button", { name: /^duration_ms/ })
      .click();
    await page.getByLabel("Comparison").selectOption(">");
    await page.getByLabel("Value").fill("890");
    await visitor.presses("Add", "mouse");
    expect(await visitor.editor().textContent()).toMatch(/\| json \| duration_ms > 890$/);
    await visitor.counts("\\d+ lines?");
  });

  test("a label and a field are picked by keyboard alone", async () => {
    const visitor = await shop.look('{env="prod"}');
    const { page } = visitor;
    const picks = async (what: string, value: string): Promise<void> => {
      await page.getByPlaceholder(what, { exact: true }).waitFor();
      await page.keyboard.type(value);
      await page.locator(".pick li", { hasText: value }).first().waitFor();
      await page.keyboard.press("Enter");
    };
    await visitor.presses(/^Label/, "keyboard");
    await picks("Label", "app");
    await picks("Value of app", "check");
    expect(await visitor.editor().textContent()).toBe('{env="prod", app="checkout"}');
    await visitor.presses(page.locator(".builder").getByRole("button", { name: "Field" }), "keyboard");
    await picks("Field", "msg");
    await page.locator(".row-form b", { hasText: "msg" }).waitFor();
    await page.keyboard.type("cart updated");
    await page.keyboard.press("Enter");
    expect(await visitor.editor().textContent()).toBe('{env="prod", app="checkout"} | json | msg = "cart updated"');
    await visitor.lines("cart updated").first().waitFor();
  });

  test("functions and labels are completed", async () => {
    const visitor = await shop.look('{app="checkout"}');
    const { page } = visitor;
    await visitor.lines().first().waitFor();
    await visitor.editor().focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("count_");
    await page.keyboard.type("ov");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "count_over_time" }).click();
    await page.keyboard.type("en");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: /^env/ }).click();
    expect(await visitor.editor().textContent()).toBe("count_over_time({env=} [5m])");
  });

  test("words are completed, queries formatted and remembered", async () => {
    const visitor = await shop.look('{app="checkout"}');
    const { page } = visitor;
    await visitor.lines().first().waitFor();
    await visitor.editor().focus();
    await page.keyboard.press("End");
    await page.keyboard.type(" | js");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: /^json/ }).click();
    await page.keyboard.type(" | duration_m");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "duration_ms" }).click();
    await page.keyboard.type(">890");
    await visitor.presses("Format", "mouse");
    await expect.poll(() => visitor.editor().textContent()).toMatch(/\| json\s*\| duration_ms>890/);
    await visitor.presses("Run", "mouse");
    await visitor.counts("\\d+ lines");
    await visitor.presses("Earlier queries", "mouse");
    await page.locator(".history").getByRole("button", { name: '{app="checkout"}', exact: true }).click();
    await visitor.counts("1,000 lines\\+");
  });

  test("a line unfolds to labels, metadata and fields; JSON is laid out; words are marked", async () => {
    const visitor = await shop.look('{app="checkout"} | json', "mark=placed&pretty=1&");
    const { page } = visitor;
    await page.locator(".line-head mark, .line-head .mark").first().waitFor();
    await page.locator(".line-head").first().click();
    expect(await page.locator(".whole").textContent()).toMatch(/^\{\n {2}"level"/);
    for (const group of ["Labels", "Metadata", "Fields"]) await page.getByRole("region", { name: group }).waitFor();
    expect(await page.locator(".nanos").textContent()).toMatch(/\.\d{9}$/);
    await visitor.presses("Wrap", "mouse");
    await page.locator(".lines.wrap").waitFor();
  });

  test("a link leads to the very line, and back leads back", async () => {
    const visitor = await shop.look('{app="checkout"}');
    const { page } = visitor;
    await page.locator(".line-head").nth(5).click();
    await visitor.presses("Link to this line", "mouse");
    const nanos = await page.locator(".nanos").textContent();
    await page.goto(await visitor.clipboard());
    await page.locator(".line.open .nanos", { hasText: nanos! }).waitFor();
    await visitor.asks('{app="nginx"}');
    await visitor.lines("GET /api").first().waitFor();
    await page.goBack();
    await page.locator(".chip", { hasText: "checkout" }).waitFor();
    await page.goForward();
    await page.locator(".chip", { hasText: "nginx" }).waitFor();
  });

  test("a link leads to a line that is older than those of the first page", async () => {
    const visitor = await shop.look('{env="prod"}');
    const { page } = visitor;
    await visitor.lines().first().waitFor();
    await visitor.page.locator(".lines").press("End");
    await expect.poll(() => page.locator(".count").textContent()).not.toBe("1,000 lines+");
    await visitor.page.locator(".lines").press("End");
    await page.locator(".line").last().locator(".line-head").click();
    const nanos = await page.locator(".line.open .nanos").textContent();
    await visitor.presses("Link to this line", "mouse");
    await page.goto(await visitor.clipboard());
    await page.locator(".line.open .nanos", { hasText: nanos! }).waitFor();
  });

  test.each(ways)("a part of the histogram is looked at more closely by %s", async (way) => {
    const visitor = await shop.look('{env="prod"}');
    const { page } = visitor;
    await page.locator(".key", { hasText: "error" }).waitFor();
    const before = page.url();
    if (way === "mouse") {
      const box = (await page.locator(".histogram .u-over").boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 5 });
      await page.mouse.up();
    } else {
      await visitor.reaches(page.locator(".histogram .chart"));
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("Enter");
    }
    await page.waitForURL(/from=17684\d+/);
    await visitor.presses("Earlier", way);
    await visitor.presses("Zoom out", way);
    for (let steps = 0; steps < 3; steps++) await page.goBack();
    await page.waitForURL(before);
  });

  test("hostile lines are text, and what would not be seen is shown by name", async () => {
    const visitor = await shop.look('{app="hostile"}');
    const { page } = visitor;
    await visitor.lines("<img src=x").waitFor();
    await page.locator(".line-head").click();
    await page.locator(".whole").waitFor();
    expect(await page.evaluate(() => "pwned" in globalThis)).toBe(false);
    expect(await page.locator("#app img, #app script").count()).toBe(0);
    expect(await page.locator(".text .hidden-char").allTextContents()).toEqual(["RLO", "␇"]);
    expect(await page.locator("#app").textContent()).not.toMatch(
      /[\u0000-\u0008\u000e-\u001f\u202a-\u202e\u2066-\u2069]/,
    );
    expect(await page.locator(".text .a-red").textContent()).toBe("red");
    await visitor.presses("Line", "mouse");
    expect(await visitor.clipboard()).toBe(hostileLine);
    await visitor.presses("Fields", "mouse");
    await visitor.presses("Patterns", "mouse");
    await page.getByRole("heading", { name: "Patterns" }).waitFor();
    expect(await page.evaluate(() => "pwned" in globalThis)).toBe(false);
  });

  test("metric queries are charts with a legend that filters, or a table", async () => {
    const visitor = await shop.look('sum by (app) (count_over_time({env="prod"}[5m]))');
    const { page } = visitor;
    await visitor.counts("4 series");
    for (const kind of ["Bars", "Stacked", "Lines"]) await visitor.presses(kind, "mouse");
    await page.getByRole("button", { name: /app=nginx/ }).click();
    expect(await page.locator(".series-legend .off").count()).toBe(3);
    await visitor.presses("Instant", "mouse");
    await page.getByRole("cell", { name: "payments" }).waitFor();
    expect(await page.locator(".stats").textContent()).toMatch(/read .*s$/);
  });

  test("fields show their top values, patterns their share; a press filters", async () => {
    const visitor = await shop.look('{app="checkout"}', "panel=fields&");
    const { page } = visitor;
    await page.locator(".field", { hasText: /^msg/ }).click();
    await visitor.presses("Only msg order placed", "mouse");
    expect(await visitor.editor().textContent()).toContain('| msg="order placed"');
    await visitor.presses("Patterns", "mouse");
    const pattern = page.locator(".patterns li").first();
    expect(await pattern.locator("b").textContent()).toMatch(/^\d+\.\d %$/);
    await pattern.getByRole("button", { name: /^Without/ }).click();
    expect(await visitor.editor().textContent()).toContain("!> ");
  });

  test("a query is taken along as curl, as a command and as a Grafana link", async () => {
    const visitor = await shop.look(`{app="checkout"} |= "${shop.day.traceId}" != "it's"`);
    await visitor.counts("1 line");
    const take = async (name: string): Promise<string> => {
      await visitor.presses("Share and export", "mouse");
      await visitor.presses(name, "mouse");
      return visitor.clipboard();
    };
    const found = JSON.parse(await shell(await take("Copy as curl"))) as { data: { result: unknown[] } };
    expect(found.data.result.length).toBeGreaterThan(0);
    expect(await shell(await take("Copy as ratatosk query"))).toContain(shop.day.traceId);
    expect(await take("Copy link to this page")).toContain("from=1768474800000000000");
  });

  test.each(ways)("a Grafana is opened with the same query and range by %s", async (way) => {
    const grafana = createServer((_, outgoing) => outgoing.end("Grafana")).listen(0, "127.0.0.1");
    await once(grafana, "listening");
    const query = `{app="checkout"} |= "it's" != \`a"b&c\``;
    const visitor = await shop.look(query);
    const { page } = visitor;
    await page.getByRole("heading", { name: "No lines in this range" }).waitFor();
    await visitor.presses("Share and export", way);
    const place = `http://127.0.0.1:${(grafana.address() as AddressInfo).port}`;
    await page.getByLabel("Grafana at").fill(place);
    const link = page.getByRole("link", { name: "Open in Grafana" });
    const [opened] = await Promise.all([page.context().waitForEvent("page"), visitor.presses(link, way)]);
    await opened.waitForURL(/explore/);
    const { origin, pathname, searchParams } = new URL(opened.url());
    expect([origin, pathname, searchParams.get("schemaVersion")]).toEqual([place, "/explore", "1"]);
    const datasource = { type: "loki", uid: "ratatosk" };
    const queries = [{ refId: "A", expr: query, queryType: "range", editorMode: "code", datasource }];
    const range = { from: String(noonMs - 3_600_000), to: String(noonMs) };
    expect(JSON.parse(searchParams.get("panes")!)).toEqual({ log: { datasource: "ratatosk", queries, range } });
    grafana.close();
  });

  test("the volume is asked of the index first, and is there before the lines are", async () => {
    const visitor = await shop.look('{app="nobody"}');
    const { page } = visitor;
    await page.getByRole("heading", { name: "No lines in this range" }).waitFor();
    const asked: string[] = [];
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/index.volume_range|query_range/, async (route) => {
      const url = new URL(route.request().url());
      asked.push(url.pathname.endsWith("volume_range") ? "volume" : (url.searchParams.get("query") ?? ""));
      if (!url.pathname.endsWith("volume_range")) await held;
      await route.continue();
    });
    await visitor.asks('{app="nginx"}');
    await page.locator(".histogram .u-over").waitFor();
    await page.locator(".key").first().waitFor();
    expect(await visitor.lines().count()).toBe(0);
    expect([asked.length, asked[0], asked.at(-1)]).toEqual([3, "volume", '{app="nginx"}']);
    answer();
    await visitor.lines("GET /api").first().waitFor();
  });

  test.each(ways)("services are told apart by another label, chosen by %s", async (way) => {
    const visitor = await shop.look("", "view=services&");
    const { page } = visitor;
    await page.getByRole("button", { name: "payments" }).waitFor();
    const by = page.getByLabel("Told apart by");
    if (way === "mouse") await by.selectOption("host");
    else {
      await visitor.reaches(by);
      await page.keyboard.type("host");
    }
    await page.getByRole("columnheader", { name: "host" }).waitFor();
    await page.waitForURL(/by=host/);
    await page.getByRole("button", { name: "web-2" }).waitFor();
    await visitor.presses("web-2", way);
    await visitor.lines().first().waitFor();
    expect(await visitor.editor().textContent()).toBe('{host="web-2"}');
  });

  test("who runs it sees agents, services, storage, retention and limits hit", async () => {
    const push = (body: string): Promise<Response> =>
      fetch(`${shop.server.url}/loki/api/v1/push`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "User-Agent": "broken/1" },
        body,
      });
    await push("nonsense");
    const old = [`${noonMs - 30 * 3_600_000}000000`, "too old for its stream"];
    await push(
      JSON.stringify({ streams: [{ stream: { app: "checkout", env: "prod", host: "web-1" }, values: [old] }] }),
    );
    const visitor = await shop.look("", "view=operate&");
    const tile = (name: string): Locator => visitor.page.getByRole("region", { name, exact: true });
    await tile("Agents")
      .getByRole("row", { name: /^broken\/1 127\.0\.0\.1 fake .* 2 2$/ })
      .waitFor();
    await tile("Parts").getByText("distributor").waitFor();
    await tile("Tenants")
      .getByRole("row", { name: /^fake / })
      .waitFor();
    await tile("Days")
      .getByRole("row", { name: /^2026-01-15 / })
      .waitFor();
    await tile("Largest services of the week").getByText("payments", { exact: true }).waitFor();
    await tile("Largest streams of the week").getByText("app=payments, env=prod, host=web-1").first().waitFor();
    await tile("Retention and compaction").getByText("Last compaction").waitFor();
    await tile("Limits hit").getByText("too_far_behind (fake)").waitFor();
  });

  test("local time and UTC, light and dark are chosen", async () => {
    const visitor = await shop.look('{app="checkout"}');
    const { page } = visitor;
    await visitor.presses("Settings", "mouse");
    await page.getByLabel("Times in").selectOption("Local time");
    expect(page.url()).not.toContain("utc=1");
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByLabel("Appearance").selectOption("Dark");
    expect(await ground()).not.toBe(light);
  });
});

/** What a command prints that was copied from the page. */
async function shell(command: string): Promise<string> {
  const program = join(root, "apps/ratatosk/bin/ratatosk.mjs");
  const script = `ratatosk() { '${process.execPath}' '${program}' "$@"; }\n${command}`;
  return (await promisify(execFile)("sh", ["-c", script])).stdout;
}
