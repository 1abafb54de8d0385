import { readFileSync } from "node:fs";
import { Secret } from "@ratatosk/alloy-syntax";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { boolean, duration, oneOf, text } from "../decode.ts";
import { optional, required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";

const localFileSchema = schema({
  attributes: {
    filename: required(text),
    detector: optional(oneOf("fsnotify", "poll"), "fsnotify"),
    poll_frequency: optional(duration, 60_000),
    is_secret: optional(boolean, false),
  },
});

type Args = typeof localFileSchema extends Schema<infer T> ? T : never;

/** Without a frequency of its own a file is looked at this often. */
const watchMs = 1000;

/** `local.file`: what a file holds; what it held last while it cannot be read. */
class LocalFile implements Component<Args> {
  readonly #context: ComponentContext<Shared>;
  #args: Args | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  unhealthy: string | undefined;

  constructor(context: ComponentContext<Shared>) {
    this.#context = context;
  }

  update(args: Args): void {
    this.#args = args;
    this.#read();
    if (this.#isStarted) this.#watch();
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    this.#watch();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  #watch(): void {
    const { detector, poll_frequency: pollMs } = this.#args!;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#look(), detector === "poll" ? pollMs : watchMs).unref();
  }

  #look(): void {
    try {
      this.#read();
      this.unhealthy = undefined;
    } catch (error) {
      this.unhealthy = (error as Error).message;
    }
  }

  #read(): void {
    const { filename, is_secret: isSecret } = this.#args!;
    const content = readFileSync(filename, "utf8");
    this.#context.publish(new Map([["content", isSecret ? new Secret(content) : content]]));
  }
}

export const localFile: ComponentKind<Shared, Args> = {
  name: "local.file",
  role: "processor",
  schema: localFileSchema,
  create: (context) => new LocalFile(context),
};
