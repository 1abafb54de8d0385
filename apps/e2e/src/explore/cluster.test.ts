import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../free-port.ts";
import type { RatatoskProcess } from "../process.ts";
import { serverProcess } from "../server.ts";
import { chromiumPath, launchChromium } from "./browser.ts";
import { pushStreams } from "./lines.ts";
import { Visitor } from "./visitor.ts";

const roles = ["distributor", "ingester", "compactor", "querier"] as const;

describe.skipIf(chromiumPath === undefined)("Explore where each role is a process", () => {
  let folder: string;
  const processes = new Map<string, RatatoskProcess>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "e2e-explore-cluster-"));
    const grpc = await freePort();
    const flags = [
      `--storage.filesystem.directory=${join(folder, "data")}`,
      `--ring.members=[127.0.0.1:${grpc}]`,
      "--ring.health_period=200ms",
      "--cluster.health_period=200ms",
    ];
    const add = async (role: string, more: readonly string[]): Promise<void> => {
      const process = await serverProcess({ role, folder: join(folder, role), flags: [...flags, ...more] });
      processes.set(role, await process.start());
    };
    await add("ingester", [`--server.grpc_listen_port=${grpc}`]);
    await Promise.all(["distributor", "compactor"].map((role) => add(role, [])));
    const others = [...processes.values()].map(({ url }) => new URL(url).host);
    await add("querier", [`--cluster.members=[${others.join(",")}]`]);
  });
  afterAll(async () => {
    await Promise.all([...processes.values()].map((process) => process.kill()));
    rmSync(folder, { recursive: true });
  });

  const address = (role: string): string => new URL(processes.get(role)!.url).host;

  test("the querier's page Operate tells of all processes, and of one that is gone", async () => {
    await pushStreams(processes.get("distributor")!.url, [
      { labels: { app: "apart" }, values: [[`${Date.now()}000000`, "a line"]] },
    ]);
    const browser = await launchChromium();
    const visitor = await Visitor.comes(browser, `${processes.get("querier")!.url}/ui/?view=operate`, Date.now());
    const tile = (name: string) => visitor.page.getByRole("region", { name, exact: true });
    const process = (role: string) => tile("Parts").locator("li", { hasText: role });
    for (const role of roles) await process(role).locator(".state.good").waitFor();
    for (const role of roles.slice(0, 3)) expect(await process(role).textContent()).toContain(address(role));
    await tile("Agents")
      .getByRole("row", { name: /^node 127\.0\.0\.1 fake .* 1 0$/ })
      .waitFor();
    await tile("Tenants")
      .getByRole("row", { name: /^fake .* 1 / })
      .waitFor();
    await tile("Storage").getByText("Streams in memory").waitFor();
    await tile("Retention and compaction").getByText("Last compaction").waitFor();
    await processes.get("compactor")!.kill();
    await visitor.page.reload();
    await tile("Parts")
      .locator("li", { hasText: address("compactor") })
      .getByText("does not answer")
      .waitFor();
    expect(visitor.failures).toEqual([]);
    await browser.close();
  });
});
