import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { believe, type ClientOptions, headersOf, rangeOf } from "./api.ts";
import { type ApiStream, type Entry, inOrder } from "./entry.ts";
import { LineFormat } from "./line-format.ts";
import { printAll } from "./print.ts";
import { Seen } from "./seen.ts";

interface Frame {
  readonly streams?: readonly ApiStream[] | null;
  readonly dropped_entries?: readonly unknown[] | null;
}

const firstPauseMs = 500;
const longestPauseMs = 15_000;

/** `ratatosk query --follow`: prints the last lines and then those that come, until interrupted; reconnects by itself. */
export async function runFollow(query: string, options: ClientOptions): Promise<number> {
  const aborter = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => aborter.abort());
  const format = new LineFormat(options, process.stdout.isTTY);
  const seen = new Seen();
  let pauseMs = firstPauseMs;
  while (!aborter.signal.aborted) {
    seen.resume();
    const start = seen.last === undefined ? rangeOf(options)["start"] : String(seen.last);
    const why = await follow(query, start, { options, signal: aborter.signal }, async (streams) => {
      pauseMs = firstPauseMs;
      const fresh = inOrder(streams, true).filter((entry) => seen.add(entry));
      await printAll(fresh.map((entry: Entry) => format.line(entry)));
    });
    if (aborter.signal.aborted) break;
    if (why !== "") process.stderr.write(`ratatosk: ${why}; trying again\n`);
    await sleep(pauseMs, undefined, { signal: aborter.signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
  return 0;
}

/** Runs one connection to its end, and says why it ended; nothing to say where the server ended it in time. */
async function follow(
  query: string,
  start: string | undefined,
  { options, signal }: { options: ClientOptions; signal: AbortSignal },
  take: (streams: readonly ApiStream[]) => Promise<void>,
): Promise<string> {
  const search = new URLSearchParams({ query, limit: options.limit ?? "100", ...(start !== undefined && { start }) });
  const url = `${options.url.replace(/^http/, "ws").replace(/\/$/, "")}/loki/api/v1/tail?${search.toString()}`;
  believe(options);
  const socket = new WebSocket(url, { headers: headersOf(options) });
  signal.addEventListener("abort", () => socket.close(), { once: true });
  let why = "";
  let refusal: Promise<string> | undefined;
  let printed = Promise.resolve();
  socket.on("unexpected-response", (_, response) => {
    refusal = textOf(response).then((text) => `${response.statusCode}: ${text.trim()}`);
    void refusal.finally(() => socket.terminate());
  });
  socket.on("error", (error) => (why = `${options.url} does not answer: ${error.message}`));
  socket.on("message", (data: Buffer) => {
    const { streams, dropped_entries: dropped } = JSON.parse(data.toString("utf8")) as Frame;
    if (dropped && dropped.length > 0) process.stderr.write(`ratatosk: ${dropped.length} lines came too fast\n`);
    socket.pause();
    printed = printed.then(() => take(streams ?? [])).finally(() => socket.resume());
  });
  await new Promise((done) => socket.once("close", done));
  await printed;
  if (refusal !== undefined) throw new Error(await refusal);
  return why;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
