import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RatatoskProcess } from "../process.ts";
import { serverProcess } from "../server.ts";
import { chromiumPath, launchChromium, type Look, openPage } from "./browser.ts";
import { hostileLine, manyLines, noonMs, pushStreams, shopDay } from "./lines.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
/** `PICTURES=1` writes those of the manual. */
const writesPictures = process.env["PICTURES"] === "1";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shop = shopDay();
const hour = "from=2026-01-15T11:00:00Z&to=2026-01-15T12:00:00Z&utc=1";
const manyCount = 100_000;

const flags = [
  "--limits_config.reject_old_samples=false",
  "--limits_config.ingestion_rate_mb=200",
  "--limits_config.ingestion_burst_size_mb=200",
  "--limits_config.per_stream_rate_limit=100MB",
  "--limits_config.per_stream_rate_limit_burst=100MB",
];

let folder: string;
let server: RatatoskProcess;
let browser: Browser;
let page: Page;

describe.skipIf(chromiumPath === undefined)("the Explore page in Chromium", () => {
  beforeAll(async () => {
    spawnSync(process.execPath, [join(root, "tools/build-page.mjs")], { stdio: "inherit" });
    folder = mkdtempSync(join(tmpdir(), "e2e-explore-"));
    server = await (await serverProcess({ folder, flags })).start();
    await pushStreams(server.url, shop.streams);
    browser = await launchChromium();
  });
  afterEach(async () => page.context().close());
  afterAll(async () => {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const open = async (search: string, look: Look = {}): Promise<void> => {
    page = await openPage(browser, `${server.url}/ui/${search}`, noonMs, look);
  };
  const count = async (text: string): Promise<void> =>
    page.locator(".count", { hasText: new RegExp(`^${text}$`) }).waitFor();
  const editor = () => page.getByRole("textbox", { name: "LogQL query" });
  const ask = async (query: string): Promise<void> => {
    await editor().focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(query);
    await page.keyboard.press("Control+Enter");
  };
  const lines = (text: string) => page.locator(".lines .line", { hasText: text });

  test("the first page shows the newest lines at once", async () => {
    await open("");
    await lines("10.0.").first().waitFor();
    expect(await page.locator(".chip").first().textContent()).toContain("service_name");
    expect(page.url()).toContain("/ui/?q=");
  });

  test("no other host is called", async () => {
    const hosts = new Set<string>();
    page = await openPage(browser, "about:blank", noonMs);
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    for (const view of ["", "view=services", "view=operate"]) {
      await page.goto(`${server.url}/ui/?${view}`);
      await page.locator(".lines .line, tbody tr, .tile").first().waitFor();
    }
    expect([...hosts]).toEqual([new URL(server.url).host]);
  });

  test("another server is asked where the address names one, and an empty one says what to do", async () => {
    const other = await (
      await serverProcess({
        folder: join(folder, "other"),
        name: "other",
        flags: [...flags, "--server.http_cors_origins=['*']"],
      })
    ).start();
    try {
      await open(`?server=${encodeURIComponent(other.url)}`);
      await page.getByRole("heading", { name: /No lines|Nothing/ }).waitFor();
      await pushStreams(other.url, [{ labels: { app: "far" }, values: [[`${noonMs - 1000}000000`, "from afar"]] }]);
      await ask('{app="far"}');
      await lines("from afar").waitFor();
    } finally {
      await other.stop();
    }
  });

  test("the whole page is small", () => {
    const assets = join(root, "apps/explore/dist/page/assets");
    const names = readdirSync(assets).filter((name) => name.endsWith(".br"));
    const total = names.reduce((sum, name) => sum + statSync(join(assets, name)).size, 0);
    expect(total).toBeLessThan(350_000);
  });

  test("yesterday's 500s of nginx are found by mouse", async () => {
    await open("?utc=1");
    await page.locator(".chip").first().waitFor();
    await page.getByRole("button", { name: /Last hour/ }).click();
    await page.getByRole("button", { name: "Last 2 days" }).click();
    await page.getByRole("button", { name: /^Label/ }).click();
    await page.locator(".pick").getByRole("button", { name: "app", exact: true }).click();
    await page.locator(".pick").getByRole("button", { name: "nginx" }).click();
    await page.getByRole("button", { name: /^Text/ }).click();
    await page.getByPlaceholder("Text of the line").fill('HTTP/1.1" 500 ');
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await count(`${shop.nginxFailures} lines`);
    await page.getByRole("button", { name: /Remove service_name/ }).click();
    await count(`${shop.nginxFailures} lines`);
    expect(await editor().textContent()).toBe(String.raw`{app="nginx"} |= "HTTP/1.1\" 500 "`);
  });

  test("yesterday's 500s of nginx are found by keyboard", async () => {
    await open("?utc=1&from=now-2d");
    await editor().focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type('{app="ngi');
    await page.locator(".cm-tooltip-autocomplete", { hasText: "nginx" }).waitFor();
    // What has just come up is not taken by a key that was meant for something else.
    await page.clock.setFixedTime(noonMs + 1000);
    await page.keyboard.press("Enter");
    await page.keyboard.press("End");
    await page.keyboard.insertText(" |= ` 500 `");
    await page.keyboard.press("Control+Enter");
    await count(`${shop.nginxFailures} lines`);
    await page.locator(".lines").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".line.open[data-index='2']").waitFor();
  });

  test.each(["mouse", "keyboard"])("a container is followed, paused and let go by %s", async (way) => {
    const app = `followed by ${way}`;
    await open(`?q=${encodeURIComponent(`{app="${app}"}`)}`);
    const press = async (name: string): Promise<void> => {
      const button = page.getByRole("button", { name });
      await (way === "keyboard" ? button.press("Enter") : button.click());
    };
    await press("Live");
    await page.getByText(/Following/).waitFor();
    const push = (line: string): Promise<void> =>
      pushStreams(server.url, [{ labels: { app }, values: [[`${Date.now()}000000`, line]] }]);
    await push("first line");
    await lines("first line").waitFor();
    await press("Pause");
    await push("second line");
    await page.getByText(/Paused, 1 lines waiting/).waitFor();
    expect(await lines("second line").count()).toBe(0);
    await press("Go on");
    await lines("second line").waitFor();
    await press("Stop");
    await page.getByText(/Following/).waitFor({ state: "detached" });
  });

  test.each(["mouse", "keyboard"])("a trace id is found and its line unfolded by %s", async (way) => {
    await open(`?${hour}&q=${encodeURIComponent('{app="checkout"} | json')}`);
    if (way === "keyboard") await ask(`{app="checkout"} | json | trace_id="${shop.traceId}"`);
    else {
      await page.getByRole("button", { name: /^Text/ }).click();
      await page.getByPlaceholder("Text of the line").fill(shop.traceId);
      await page.getByRole("button", { name: "Add", exact: true }).click();
    }
    await count("1 line");
    if (way === "keyboard") await page.locator(".fold").first().press("Enter");
    else await page.locator(".line-head").first().click();
    const fields = page.getByRole("region", { name: "Fields" });
    expect(await fields.locator(".pair", { hasText: "trace_id" }).first().textContent()).toContain(shop.traceId);
    await page.getByRole("button", { name: "Show context" }).click();
    await page.locator(".context .here").waitFor();
    expect(await page.locator(".context .line-head").count()).toBeGreaterThan(4);
    const only = page.getByRole("button", { name: "Only app checkout" });
    await (way === "keyboard" ? only.press("Enter") : only.click());
    expect(await editor().textContent()).toContain('{app="checkout"}');
  });

  test.each(["mouse", "keyboard"])("the service that got loud is seen and opened by %s", async (way) => {
    await open(`?${hour}`);
    const tab = page.getByRole("button", { name: "Services" });
    await (way === "keyboard" ? tab.press("Enter") : tab.click());
    const loud = page.locator("tr", { has: page.locator(".loud") });
    await loud.first().waitFor();
    const row = page.locator("tr", { hasText: "payments" });
    expect(await row.locator(".number").nth(1).textContent()).toMatch(/^×/);
    const link = row.getByRole("button", { name: "payments" });
    await (way === "keyboard" ? link.press("Enter") : link.click());
    await lines("retrying upstream").first().waitFor();
  });

  test.each([
    ["mouse", "JSONL"],
    ["keyboard", "CSV"],
  ])("an hour is exported by %s as %s", async (way, kind) => {
    await open(`?${hour}&q=${encodeURIComponent('{env="prod"}')}`);
    await lines("").first().waitFor();
    const press = async (name: RegExp | string): Promise<void> => {
      const button = page.getByRole("button", { name });
      await (way === "keyboard" ? button.press("Enter") : button.click());
    };
    await press("Share and export");
    const [download] = await Promise.all([page.waitForEvent("download"), press(new RegExp(`Export.*${kind}`))]);
    const text = readFileSync(await download.path(), "utf8")
      .trimEnd()
      .split("\n");
    expect(text.length).toBe(shop.lastHour + (kind === "CSV" ? 1 : 0));
    expect(text[0]).toContain(kind === "JSONL" ? '"env":"prod"' : "env");
  });

  test("a link leads to the very line, and back leads back", async () => {
    await open(`?${hour}&q=${encodeURIComponent('{app="checkout"}')}`);
    await page.locator(".line-head").nth(5).click();
    await page.getByRole("button", { name: "Link to this line" }).click();
    const nanos = await page.locator(".nanos").textContent();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link);
    await page.locator(".line.open .nanos", { hasText: nanos! }).waitFor();
    await ask('{app="nginx"}');
    await lines("GET /api").first().waitFor();
    await page.goBack();
    await page.locator(".chip", { hasText: "checkout" }).waitFor();
  });

  test("dragging in the histogram looks closer, and so do arrow keys and Enter", async () => {
    await open(`?${hour}&q=${encodeURIComponent('{env="prod"}')}`);
    await page.locator(".key", { hasText: "error" }).waitFor();
    const box = (await page.locator(".histogram .u-over").boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=17684\d+/);
    await page.locator(".key", { hasText: "error" }).waitFor();
    const before = page.url();
    await page.locator(".histogram .chart").focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.href !== before);
  });

  test("a hostile line is text, and what would not be seen is shown by name", async () => {
    await open(`?${hour}&q=${encodeURIComponent('{app="hostile"}')}`);
    await lines("<img src=x").waitFor();
    await page.locator(".line-head").click();
    await page.locator(".whole").waitFor();
    expect(await page.evaluate(() => ("pwned" in window ? 1 : 0))).toBe(0);
    expect(await page.locator("#app img, #app script").count()).toBe(0);
    expect(await page.locator(".text .hidden-char").allTextContents()).toEqual(["RLO", "␇"]);
    expect(await page.locator(".text .a-red").textContent()).toBe("red");
    await page.getByRole("button", { name: "Line", exact: true }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(hostileLine);
  });

  test("a bad query is underlined where the server says it is wrong", async () => {
    await open(`?${hour}&q=${encodeURIComponent('{app="nginx"} |= 5')}`);
    await page.getByRole("alert").filter({ hasText: "parse error at line 1" }).waitFor();
    await page.locator(".cm-problem").waitFor();
    await ask('{app="nginx"}');
    await lines("GET /api").first().waitFor();
  });

  test("an empty range, a slow answer and its cancelling say what is going on", async () => {
    await open(`?q=${encodeURIComponent('{app="nobody"}')}`);
    await page.getByRole("heading", { name: "No lines in this range" }).waitFor();
    await page.route("**/query_range*", () => undefined);
    await ask('{app="nginx"}');
    await page.getByText("Reading …").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Run" }).waitFor();
  });

  test("metric queries are charts with a legend that filters, or a table", async () => {
    await open(`?${hour}&q=${encodeURIComponent('sum by (app) (count_over_time({env="prod"}[5m]))')}`);
    await count("4 series|3 series");
    await page.getByRole("button", { name: "Stacked" }).click();
    await page.getByRole("button", { name: /app=nginx/ }).click();
    expect(await page.locator(".series-legend .off").count()).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Instant" }).click();
    await page.getByRole("cell", { name: "payments" }).waitFor();
  });

  test.each(["", "view=services&", "view=operate&", "panel=fields&"])(
    "axe finds nothing wrong with ?%s",
    async (view) => {
      for (const dark of [false, true]) {
        await open(`?${view}${hour}&q=${encodeURIComponent('{app="checkout"}')}`, { dark });
        await page.locator(".lines .line, tbody tr").first().waitFor();
        if (view === "") await page.locator(".line-head").first().click();
        await page.waitForTimeout(800);
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { violations } = await (
            globalThis as unknown as {
              axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
            }
          ).axe.run();
          return violations.map(
            ({ id, nodes }) =>
              `${id}: ${nodes
                .slice(0, 3)
                .map(({ html }) => html.slice(0, 120))
                .join(" | ")}`,
          );
        });
        expect(found).toEqual([]);
        if (!dark) await page.context().close();
      }
    },
  );

  test("a hundred thousand lines scroll with few rows in the page and little memory", async () => {
    await pushStreams(server.url, [manyLines(manyCount)]);
    await open(
      `?from=2026-01-14T11:00:00Z&to=2026-01-14T13:00:00Z&utc=1&limit=${manyCount}&q=${encodeURIComponent('{app="many"}')}`,
    );
    await page.locator(".count", { hasText: /^100,000 lines/ }).waitFor({ timeout: 120_000 });
    const frames = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const list = document.querySelector(".lines")!;
          const began = performance.timeOrigin + performance.now();
          let shown = 0;
          const step = (): void => {
            list.scrollTop += 400;
            shown++;
            if (shown < 120) requestAnimationFrame(step);
            else resolve(Math.round((shown * 1000) / (performance.timeOrigin + performance.now() - began)));
          };
          requestAnimationFrame(step);
        }),
    );
    expect(await page.locator(".lines .line").count()).toBeLessThan(120);
    await page.locator(".lines").focus();
    await page.keyboard.press("End");
    await lines("path=/api/items/0 ").waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    console.log(`100,000 lines: ${frames} frames a second, ${Math.round(usedSize / 1e6)} MB`);
    expect(usedSize).toBeLessThan(200e6);
  });

  test("light and dark, and down to 390 px wide", async () => {
    const checkout = encodeURIComponent('{env="prod"}');
    const rate = encodeURIComponent('sum by (app) (rate({env="prod"} [5m]))');
    const shots: [name: string, search: string, look: Look][] = [
      ["lines-light", `?${hour}&q=${checkout}`, {}],
      ["lines-dark", `?${hour}&q=${checkout}`, { dark: true }],
      ["chart-light", `?${hour}&q=${rate}&chart=stacked`, {}],
      ["services-dark", `?${hour}&view=services`, { dark: true }],
      ["phone-light", `?${hour}&q=${checkout}`, { width: 390, height: 844 }],
      ["phone-dark", `?${hour}&q=${checkout}`, { width: 390, height: 844, dark: true }],
    ];
    for (const [name, search, look] of shots) {
      await open(search, look);
      await page.locator(".lines .line, tbody tr, .series-legend li").first().waitFor();
      if (name === "lines-dark") await page.locator(".line-head").nth(3).click();
      await page.locator(".key, .series-legend li, tbody .sparkline").first().waitFor();
      await page.waitForTimeout(1000);
      const stats = page.locator(".stats");
      const path = join(writesPictures ? join(root, "docs/explore") : folder, `${name}.png`);
      await page.screenshot({ path, mask: [stats], maskColor: "transparent" });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(look.width ?? 1360);
      await page.context().close();
    }
    await open("");
  });

  test("a server that stops is told of, and the page goes on when it is back", async () => {
    await open(`?${hour}&q=${encodeURIComponent('{app="nginx"}')}`);
    await lines("GET /api").first().waitFor();
    await server.stop();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByRole("alert").filter({ hasText: "The server cannot be reached" }).waitFor();
    await server.start();
    await page.getByRole("button", { name: "Try again" }).click();
    await lines("GET /api").first().waitFor();
  });
});
