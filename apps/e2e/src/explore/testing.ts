import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { RatatoskProcess } from "../process.ts";
import { serverProcess } from "../server.ts";
import { launchChromium } from "./browser.ts";
import { noonMs, pushStreams, shopDay } from "./lines.ts";
import { type Look, Visitor } from "./visitor.ts";

export const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** A query of the hour before noon, which the page thinks it is; times in UTC. */
const searchFor = (query: string, more: string): string =>
  `?${more}from=2026-01-15T11:00:00Z&to=2026-01-15T12:00:00Z&utc=1&q=${encodeURIComponent(query)}`;

const flags = [
  "--limits_config.reject_old_samples=false",
  "--limits_config.ingestion_rate_mb=200",
  "--limits_config.ingestion_burst_size_mb=200",
  "--limits_config.per_stream_rate_limit=100MB",
  "--limits_config.per_stream_rate_limit_burst=100MB",
];

/**
 * A server with the logs of a day of a small shop, and a browser. Whoever comes leaves after the test; then nothing may
 * have failed in the page, and nobody else may have been asked for anything.
 */
export class Shop {
  readonly day = shopDay();
  server!: RatatoskProcess;
  browser!: Browser;
  readonly #visitors: Visitor[] = [];
  /** Origins besides the server's that the test lets the page ask. */
  readonly #allowed = new Set<string>();

  constructor(moreFlags: readonly string[] = []) {
    let folder: string;
    beforeAll(async () => {
      spawnSync(process.execPath, [join(root, "tools/build-page.mjs")], { stdio: "inherit" });
      folder = mkdtempSync(join(tmpdir(), "e2e-explore-"));
      this.server = await (await serverProcess({ folder, flags: [...flags, ...moreFlags] })).start();
      await pushStreams(this.server.url, this.day.streams);
      this.browser = await launchChromium();
    });
    afterEach(async () => {
      const visitors = this.#visitors.splice(0);
      await Promise.all(visitors.map((visitor) => visitor.leaves()));
      const allowed = new Set([this.server.url, ...this.#allowed]);
      const strangers = visitors.flatMap(({ asked }) => [...asked].filter((origin) => !allowed.has(origin)));
      assert.deepEqual(strangers, []);
      assert.deepEqual(
        visitors.flatMap(({ failures }) => failures),
        [],
      );
    });
    afterAll(async () => {
      await this.browser.close();
      await this.server.stop();
      rmSync(folder, { recursive: true });
    });
  }

  /** Somebody opens the page at an address, `?q=…`, at noon or at `nowMs`; that of the shop or of another server. */
  async visit(search: string, look: Look = {}, nowMs = noonMs, url = this.server.url): Promise<Visitor> {
    const visitor = await Visitor.comes(this.browser, `${url}/ui/${search}`, nowMs, look);
    this.#visitors.push(visitor);
    return visitor;
  }

  /** Somebody looks at the lines of a query within the last hour. */
  look(query: string, more = ""): Promise<Visitor> {
    return this.visit(searchFor(query, more));
  }

  /** Where the page shows that. */
  address(query: string, more = ""): string {
    return `${this.server.url}/ui/${searchFor(query, more)}`;
  }

  lets(origin: string): void {
    this.#allowed.add(origin);
  }
}
