import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RatatoskProcess } from "../process.ts";
import { serverProcess } from "../server.ts";
import { chromiumPath } from "./browser.ts";
import { noonMs, pushStreams } from "./lines.ts";
import { Shop } from "./testing.ts";

describe.skipIf(chromiumPath === undefined)("what Explore says when something is wrong", () => {
  const shop = new Shop();

  test.each([
    ['{app="nginx"} |= 5', "parse error at line 1"],
    ['{app="nginx"} | logfmt | took > ', "parse error at line 1"],
    ['{app=~"("}', "error parsing regexp"],
    ['{app=""}', "queries require at least one regexp or equality matcher"],
  ])("%s is refused in the server's words, and the next query is answered", async (query, words) => {
    const visitor = await shop.look(query);
    await visitor.page.getByRole("alert").filter({ hasText: words }).first().waitFor();
    if (words.includes("line 1")) await visitor.page.locator(".cm-problem").waitFor();
    await visitor.asks('{app="nginx"}');
    await visitor.lines("GET /api").first().waitFor();
  });

  test("a time range that cannot be read is said", async () => {
    const visitor = await shop.visit("?from=yesterday&q=%7Bapp%3D%22nginx%22%7D");
    await visitor.page.getByRole("alert").filter({ hasText: 'The time range "yesterday"' }).waitFor();
  });

  test("lines that come faster than they can be shown are counted, those too that the server left out", async () => {
    const visitor = await shop.visit(`?q=${encodeURIComponent('{app="flood"}')}`, {}, Date.now());
    const { page } = visitor;
    let told = 0;
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        const { dropped_entries: dropped = [] } = JSON.parse(String(payload)) as { dropped_entries?: unknown[] };
        told += dropped.length;
      }),
    );
    const flood = (count: number): Promise<void> => {
      const now = BigInt(Date.now()) * 1_000_000n;
      const values = Array.from({ length: count }, (_, i) => [String(now + BigInt(i)), `line ${i}`] as const);
      return pushStreams(shop.server.url, [{ labels: { app: "flood" }, values: [...values] }]);
    };
    await visitor.presses("Live", "mouse");
    await page.getByText(/Following/).waitFor();
    await visitor.presses("Pause", "mouse");
    await flood(6000);
    await page.getByText("Paused, 5,000 lines waiting").waitFor();
    await page.getByText("1,000 lines left out").waitFor();
    await flood(60_000);
    await expect.poll(() => told, { timeout: 30_000 }).toBeGreaterThan(0);
    await visitor.presses("Go on", "mouse");
    await visitor.lines().first().waitFor();
  });

  test("a query that would read much is warned of before it runs", async () => {
    const visitor = await shop.look('{app="nginx"}');
    await visitor.page.getByText("about 3 streams, 1,500 lines, 112 kB in this range").waitFor();
    await visitor.page.route("**/index/stats*", (route) =>
      route.fulfill({ json: { streams: 12, chunks: 9000, bytes: 42e9, entries: 3e8 } }),
    );
    await visitor.editor().focus();
    await visitor.page.keyboard.press("Control+a");
    await visitor.page.keyboard.insertText('{env="prod"}');
    const told =
      "Much to read: about 12 streams, 300.0 M lines, 42 GB in this range. A label or a shorter range makes it fast.";
    await visitor.page.getByRole("alert").filter({ hasText: told }).waitFor();
  });

  test("a server that is none and a query that is none are said", async () => {
    const visitor = await shop.visit("?server=javascript:alert(1)");
    await visitor.lines().first().waitFor();
    await visitor.page.goto(`${shop.server.url}/ui/?server=nowhere.invalid:1/`);
    shop.lets("http://nowhere.invalid:1");
    await visitor.page.getByRole("alert").filter({ hasText: "The server cannot be reached" }).waitFor();
    expect(visitor.page.url()).toContain(`server=${encodeURIComponent("http://nowhere.invalid:1")}`);
    await visitor.page.goto(`${shop.server.url}/ui/`);
    await visitor.lines().first().waitFor();
    await visitor.asks(" ");
    await visitor.page.getByRole("alert").filter({ hasText: "There is no query" }).waitFor();
  });

  test("an empty range leads to where the lines are", async () => {
    const visitor = await shop.visit(`?q=${encodeURIComponent('{app="nginx"}')}`, {}, noonMs + 40 * 86_400_000);
    await visitor.page.getByRole("heading", { name: "No lines in this range" }).waitFor();
    await visitor.presses("Where are the newest lines?", "mouse");
    await visitor.lines("GET /api").first().waitFor();
  });

  test("a slow answer is waited for in the open, and can be cancelled", async () => {
    const visitor = await shop.look('{app="nobody"}');
    const { page } = visitor;
    await page.getByRole("heading", { name: "No lines in this range" }).waitFor();
    await page.route("**/query_range*", () => undefined);
    await visitor.asks('{app="nginx"}');
    await page.getByText("Reading …").waitFor();
    await visitor.presses("Cancel", "mouse");
    await visitor.button("Run").waitFor();
    await page.getByRole("heading", { name: "Cancelled" }).waitFor();
  });

  describe("with another server", () => {
    let folder: string;
    let other: RatatoskProcess;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "e2e-explore-other-"));
      const flags = ["--limits_config.reject_old_samples=false", `--server.http_cors_origins=["${shop.server.url}"]`];
      other = await (await serverProcess({ folder, name: "other", flags })).start();
      shop.lets(other.url);
    });
    afterAll(async () => {
      await other.stop();
      rmSync(folder, { recursive: true });
    });

    test("an empty system says how to send something, and shows what was sent", async () => {
      const visitor = await shop.visit(`?server=${encodeURIComponent(other.url)}`);
      await visitor.page.getByRole("heading", { name: "No lines in this range" }).waitFor();
      await visitor.page.getByText(`curl ${other.url}/loki/api/v1/push`).waitFor();
      await pushStreams(other.url, [{ labels: { app: "far" }, values: [[`${noonMs - 1000}000000`, "from afar"]] }]);
      await visitor.presses("Run", "mouse");
      await visitor.lines("from afar").waitFor();
      for (const page of ["Services", "Operate"]) {
        await visitor.presses(page, "mouse");
        await visitor.page.getByRole("heading", { name: page, level: 1 }).waitFor();
        await visitor.page.locator("tbody tr").first().waitFor();
      }
    });

    test("one that does not let pages of others in is told of, with what to do", async () => {
      const visitor = await shop.visit(`?server=${encodeURIComponent(other.url.replace("127.0.0.1", "localhost"))}`);
      shop.lets(other.url.replace("127.0.0.1", "localhost"));
      await visitor.lines("from afar").waitFor();
      await visitor.page.goto(`${shop.server.url.replace("127.0.0.1", "localhost")}/ui/?server=${other.url}`);
      shop.lets(shop.server.url.replace("127.0.0.1", "localhost"));
      await visitor.page.getByText("server.http_cors_origins").waitFor();
    });

    test("one that dies while it is followed is told of; the page goes on when it is back", async () => {
      const visitor = await shop.visit(`?server=${encodeURIComponent(other.url)}&q=%7Bapp%3D%22far%22%7D`);
      await visitor.lines("from afar").waitFor();
      await visitor.presses("Live", "mouse");
      await visitor.page.getByText(/Following/).waitFor();
      await other.kill();
      await visitor.page.getByRole("alert").filter({ hasText: "Following ended" }).waitFor();
      await visitor.presses("Try again", "mouse");
      await visitor.page.getByRole("alert").filter({ hasText: "The server cannot be reached" }).waitFor();
      await other.start();
      await visitor.presses("Try again", "mouse");
      await visitor.lines("from afar").waitFor();
    });
  });
});
