import type { Browser, Locator, Page } from "playwright-core";

/** How a person works with the page. */
export type Way = "mouse" | "keyboard";

export interface Look {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** A busy machine takes long to answer; nobody waits where it does not. */
const patienceMs = 60_000;

/** Somebody before the page: what they do to it and see on it, and what the page does that nobody sees. */
export class Visitor {
  readonly page: Page;
  /** Origins that the page asked for anything. */
  readonly asked = new Set<string>();
  /** Errors of the page's scripts that nobody caught, and what its policy forbade. */
  readonly failures: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("request", (request) => this.#note(request.url()));
    page.on("websocket", (socket) => this.#note(socket.url()));
    page.on("pageerror", (error) => this.failures.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && message.text().includes("Content Security Policy"))
        this.failures.push(message.text());
    });
  }

  /** Opens `url` in a window of its own whose clock stands at `nowMs`. */
  static async comes(browser: Browser, url: string, nowMs: number, look: Look = {}): Promise<Visitor> {
    const { dark = false, width = 1360, height = 860 } = look;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? "dark" : "light",
      timezoneId: "UTC",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    await page.clock.setSystemTime(nowMs);
    const visitor = new Visitor(page);
    await page.goto(url);
    return visitor;
  }

  leaves(): Promise<void> {
    return this.page.context().close();
  }

  #note(url: string): void {
    const { protocol, origin, host } = new URL(url);
    if (protocol === "http:" || protocol === "https:") this.asked.add(origin);
    if (protocol === "ws:" || protocol === "wss:") this.asked.add(`http://${host}`);
  }

  lines(text = ""): Locator {
    return this.page.locator(".lines .line", { hasText: text });
  }

  /** Waits until the result is told to be so large, `40 lines`. */
  counts(text: string): Promise<void> {
    return this.page.locator(".count", { hasText: new RegExp(`^${text}$`) }).waitFor();
  }

  editor(): Locator {
    return this.page.getByRole("textbox", { name: "LogQL query" });
  }

  /** Writes a query in the place of the one that stands in the editor and asks it. */
  async asks(query: string): Promise<void> {
    await this.editor().focus();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.insertText(query);
    await this.page.keyboard.press("Control+Enter");
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** Presses a button; by keyboard, Tab must lead there. */
  async presses(button: string | RegExp | Locator, way: Way): Promise<void> {
    const target = typeof button === "object" && "click" in button ? button : this.button(button);
    await target.waitFor();
    if (way === "mouse") return target.click();
    await this.reaches(target);
    await this.page.keyboard.press("Enter");
  }

  /** Walks with Tab from where the focus is until it is on `target`. */
  async reaches(target: Locator): Promise<void> {
    for (let steps = 0; steps < 150; steps++) {
      if (await target.evaluate((element) => (element.getRootNode() as Document).activeElement === element)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not lead to ${target.toString()}`);
  }

  /** What was copied last. */
  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }
}
