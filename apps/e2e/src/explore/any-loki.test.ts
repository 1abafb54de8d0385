import { get } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../free-port.ts";
import { RatatoskProcess } from "../process.ts";
import { serverProcess } from "../server.ts";
import { chromiumPath } from "./browser.ts";
import { noonMs, pushStreams } from "./lines.ts";
import { LokiGateway } from "./loki-gateway.ts";
import { Shop } from "./testing.ts";

const tenant = "far-away";

describe.skipIf(chromiumPath === undefined)("a server that lets no page in, and has nothing but Loki's API", () => {
  const shop = new Shop();
  let folder: string;
  let far: RatatoskProcess;
  let gateway: LokiGateway;
  let explore: RatatoskProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "e2e-any-loki-"));
    const flags = ["--limits_config.reject_old_samples=false", "--auth_enabled=true"];
    far = await (await serverProcess({ folder, name: "far", flags })).start();
    gateway = new LokiGateway(far.url);
    await gateway.listen();
    const streams = [{ labels: { app: "far" }, values: [[`${noonMs - 1000}000000`, "from afar"] as const] }];
    await pushStreams(far.url, streams, tenant);
    const listen = `127.0.0.1:${await freePort()}`;
    const args = ["explore", "--url", gateway.url, "--tenant", tenant, "--listen", listen];
    explore = new RatatoskProcess({ args, folder, name: "explore", url: `http://${listen}` });
    await explore.start({ untilReady: false });
    shop.lets(explore.url);
    shop.lets(gateway.url);
  });
  afterAll(async () => {
    await explore.stop();
    gateway.close();
    await far.stop();
    rmSync(folder, { recursive: true });
  });

  test("is told of by the page, with the command that shows it", async () => {
    const visitor = await shop.visit(`?server=${encodeURIComponent(gateway.url)}&q=%7Bapp%3D%22far%22%7D`);
    const told = visitor.page.getByRole("alert").filter({ hasText: "does not let this page read its answers" });
    await told.waitFor();
    expect(await told.textContent()).toContain(`ratatosk explore --url ${gateway.url}`);
    for (const page of ["Services", "Operate"]) {
      await visitor.presses(page, "mouse");
      await visitor.page.getByRole("heading", { name: page, level: 1 }).waitFor();
      await visitor.page.getByText(`ratatosk explore --url ${gateway.url}`).waitFor();
    }
  });

  test("is seen and followed by way of `ratatosk explore`", async () => {
    const visitor = await shop.visit("", {}, noonMs, explore.url);
    await visitor.lines("from afar").waitFor();
    await visitor.page.locator(".key").first().waitFor();
    await visitor.presses("Live", "mouse");
    await visitor.page.getByText(/Following/).waitFor();
    const now = [`${Date.now()}000000`, "just now"] as const;
    await pushStreams(far.url, [{ labels: { app: "far" }, values: [now] }], tenant);
    await visitor.lines("just now").waitFor();
    await visitor.presses("Stop", "mouse");
  });

  test("is followed by its own page too, for the tenant that is set there; a refusal is told", async () => {
    const visitor = await shop.visit(`?tenant=${tenant}&q=%7Bapp%3D%22far%22%7D`, {}, noonMs, far.url);
    shop.lets(far.url);
    await visitor.lines("from afar").waitFor();
    await visitor.presses("Live", "mouse");
    await visitor.page.getByText(/Following/).waitFor();
    const now = [`${Date.now()}000000`, "and now"] as const;
    await pushStreams(far.url, [{ labels: { app: "far" }, values: [now] }], tenant);
    await visitor.lines("and now").waitFor();
    await visitor.presses("Stop", "mouse");
    await visitor.asks('{app=~"("}');
    await visitor.presses("Live", "mouse");
    await visitor.page
      .getByRole("alert")
      .filter({ hasText: "Following ended: parse error : error parsing regexp" })
      .waitFor();
  });

  test("has pages on what it tells, and says what it does not", async () => {
    const visitor = await shop.visit("?view=services", {}, noonMs, explore.url);
    await visitor.page.getByRole("button", { name: "far", exact: true }).waitFor();
    await visitor.presses("Operate", "mouse");
    await visitor.page.getByText("tells nothing of its processes").waitFor();
    await visitor.page
      .getByRole("region", { name: "Largest services of the week" })
      .getByText("far", { exact: true })
      .waitFor();
  });

  test("is read only, by its own page only, and asked for nothing but what Loki answers", async () => {
    const status = async (path: string, init: RequestInit = {}): Promise<number> =>
      (await fetch(`${explore.url}${path}`, init)).status;
    const rawStatus = (path: string, headers = {}): Promise<number | undefined> =>
      new Promise((resolve) => {
        get(explore.url, { path, headers }, (answer) => resolve(answer.resume().statusCode));
      });
    const before = gateway.asked.length;
    expect(await status("/loki/api/v1/push", { method: "POST", body: "{}" })).toBe(403);
    expect(await status("/loki/api/v1/delete")).toBe(404);
    expect(await status("/flush")).toBe(404);
    expect(await status("/http://127.0.0.1:1/loki/api/v1/labels")).toBe(404);
    expect(await rawStatus("/loki/api/v1/label/%2e%2e/values")).toBe(400);
    expect(await status("/loki/api/v1/labels", { headers: { Origin: "http://evil.example" } })).toBe(403);
    expect(gateway.asked.slice(before)).toEqual([]);
    const upgrade = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Key": "x",
      Origin: "http://evil.example",
    };
    expect(await rawStatus('/loki/api/v1/tail?query={app="far"}', upgrade)).toBe(403);
  });

  test("is asked for nothing any more once the browser has gone, and told of when it has gone itself", async () => {
    gateway.isSilent = true;
    const before = gateway.calledOff;
    const aborter = new AbortController();
    const asked = fetch(`${explore.url}/loki/api/v1/labels`, { signal: aborter.signal }).catch(() => "gone");
    await expect.poll(() => gateway.asked.at(-1)).toBe("/loki/api/v1/labels");
    aborter.abort();
    expect(await asked).toBe("gone");
    await expect.poll(() => gateway.calledOff).toBeGreaterThan(before);
    const { url } = gateway;
    gateway.close();
    const visitor = await shop.visit("?q=%7Bapp%3D%22far%22%7D", {}, noonMs, explore.url);
    await visitor.page
      .getByRole("alert")
      .filter({ hasText: `${url} does not answer` })
      .waitFor();
  });
});
