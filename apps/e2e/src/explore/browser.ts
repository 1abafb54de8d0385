import { type Browser, chromium, type Page } from "playwright-core";
import { realPart } from "../real-parts.ts";

const flags = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--enable-precise-memory-info",
];

/** Where Chromium is; undefined where the machine has none. */
export const chromiumPath = realPart("chromium");

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath!, args: flags });

export interface Look {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** A page whose clock stands at `nowMs`, and which counts errors of scripts as failures. */
export async function openPage(
  browser: Browser,
  url: string,
  nowMs: number,
  { dark = false, width = 1360, height = 860 }: Look = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    timezoneId: "UTC",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.clock.setFixedTime(nowMs);
  await page.goto(url);
  return page;
}
