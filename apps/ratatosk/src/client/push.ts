import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "@ratatosk/config";
import { type ClientOptions, headersOf, send } from "./api.ts";

const batchBytes = 512 * 1024;
const mostTries = 10;

/** `ratatosk push`: sends standard input, each line with the time at which it was read. */
export async function runPush(options: ClientOptions & { label: readonly string[] }): Promise<number> {
  const stream = parseLabels(options.label);
  const clock = new Clock();
  let values: [string, string][] = [];
  let bytes = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    values.push([clock.next(), line]);
    bytes += line.length;
    if (bytes < batchBytes) continue;
    await pushBatch(options, stream, values);
    values = [];
    bytes = 0;
  }
  if (values.length > 0) await pushBatch(options, stream, values);
  return 0;
}

function parseLabels(labels: readonly string[]): Record<string, string> {
  const stream: Record<string, string> = {};
  for (const label of labels.length === 0 ? ["job=ratatosk-push"] : labels) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(label) ?? [];
    if (name === undefined) throw new ConfigError(`--label: expected NAME=VALUE, got "${label}"`);
    stream[name] = value!;
  }
  return stream;
}

/** Nanoseconds that only rise, so that lines keep their order. */
class Clock {
  #last = 0n;

  next(): string {
    const now = BigInt(Date.now()) * 1_000_000n;
    this.#last = now > this.#last ? now : this.#last + 1n;
    return String(this.#last);
  }
}

async function pushBatch(
  options: ClientOptions,
  stream: Record<string, string>,
  values: readonly [string, string][],
): Promise<void> {
  const init: RequestInit = {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headersOf(options) },
    body: JSON.stringify({ streams: [{ stream, values }] }),
  };
  for (let tries = 1; ; tries++) {
    const response = await send(options, "/loki/api/v1/push", init);
    const text = await response.text();
    if (response.ok) return;
    const isTemporary = response.status === 429 || response.status >= 500;
    if (!isTemporary || tries === mostTries) throw new Error(`${response.status}: ${text.trim()}`);
    await sleep(Number(response.headers.get("retry-after") ?? 1) * 1000);
  }
}
