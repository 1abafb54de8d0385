import { styleText } from "node:util";
import { formatLabels, labelsFrom } from "@ratatosk/model";
import type { ClientOptions } from "./api.ts";
import type { Entry, LabelSet } from "./entry.ts";
import { printTime } from "./time.ts";

type Style = Parameters<typeof styleText>[0];

const levelStyles: Readonly<Record<string, Style>> = {
  critical: ["bold", "red"],
  fatal: ["bold", "red"],
  error: "red",
  warn: "yellow",
  warning: "yellow",
  debug: "gray",
  trace: "gray",
};
/** Colours and bold may pass; other control characters could do anything to a terminal. */
const unsafe = /\x1b\[[\d;]*m|[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;

/** How lines and samples are printed: where it is printed decides what is not said. */
export class LineFormat {
  readonly #output: ClientOptions["output"];
  readonly #isColoured: boolean;
  readonly #isTerminal: boolean;
  readonly #zone: "utc" | "local";

  constructor({ output, color, timezone }: ClientOptions, isTerminal: boolean, env = process.env) {
    this.#output = output;
    this.#isTerminal = isTerminal;
    this.#isColoured = color === "always" || (color !== "never" && isTerminal && !env["NO_COLOR"]);
    this.#zone = timezone ?? (isTerminal ? "local" : "utc");
  }

  line({ stream, time, line }: Entry): string {
    if (this.#output === "raw") return line;
    if (this.#output === "jsonl") return JSON.stringify({ timestamp: printTime(time), labels: stream, line });
    const level = stream["detected_level"] ?? stream["level"] ?? "";
    const text = this.#isTerminal ? line.replaceAll(unsafe, (code) => (code.endsWith("m") ? code : "\ufffd")) : line;
    return this.#join(printTime(time, this.#zone), stream, text, levelStyles[level.toLowerCase()]);
  }

  sample(metric: LabelSet, seconds: number, value: string): string {
    if (this.#output === "raw") return value;
    const nanos = BigInt(Math.round(seconds * 1000)) * 1_000_000n;
    const utc = new Date(seconds * 1000).toISOString();
    if (this.#output === "jsonl") return JSON.stringify({ timestamp: utc, labels: metric, value });
    return this.#join(this.#zone === "utc" ? utc : printTime(nanos, "local"), metric, value, "bold");
  }

  #join(time: string, labels: LabelSet, text: string, style: Style | undefined): string {
    const stream = formatLabels(labelsFrom(Object.entries(labels)));
    if (!this.#isColoured) return `${time} ${stream} ${text}`;
    const paint = (how: Style, what: string): string => styleText(how, what, { validateStream: false });
    return `${paint("gray", time)} ${paint("cyan", stream)} ${style === undefined ? text : paint(style, text)}`;
  }
}
