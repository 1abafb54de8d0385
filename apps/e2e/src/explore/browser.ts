import { type Browser, chromium } from "playwright-core";
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
