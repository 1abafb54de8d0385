import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { sourceRows, takeSnapshot } from "./snapshot.ts";
import { printTop } from "./table.ts";

const usage = `usage: ratatosk agent top [--url http://127.0.0.1:9080] [--interval SECONDS] [--once]
Shows what a running agent reads and what waits for its servers. With --once it prints one table and ends.
`;
const toHome = "\x1b[H";
const clearRest = "\x1b[J";
const clearLineEnds = "\x1b[K\n";

/** `ratatosk agent top`: a live table of a running agent; resolves with the exit code. */
export async function runTop(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const { url, intervalMs, once } = options;
  try {
    await show(url, intervalMs, once);
    return 0;
  } catch (error) {
    const { message, cause } = error as Error;
    process.stderr.write(`ratatosk agent top: ${url}: ${cause instanceof Error ? cause.message : message}\n`);
    return 1;
  }
}

async function show(url: string, intervalMs: number, once: boolean): Promise<void> {
  const isLive = !once && process.stdout.isTTY;
  if (isLive) process.stdout.write(`${toHome}${clearRest}`);
  let [before, beforeMs] = [await takeSnapshot(url), performance.now()];
  for (;;) {
    await sleep(intervalMs);
    const [after, afterMs] = [await takeSnapshot(url), performance.now()];
    const rows = sourceRows(before, after, (afterMs - beforeMs) / 1000);
    const { columns, rows: height } = process.stdout;
    const screen = isLive ? { columns, lines: height - 1 } : undefined;
    const text = printTop(after, rows, Date.now(), screen);
    process.stdout.write(isLive ? `${toHome}${text.replaceAll("\n", clearLineEnds)}${clearRest}` : text);
    if (once) return;
    [before, beforeMs] = [after, afterMs];
  }
}

function optionsOf(args: readonly string[]): { url: string; intervalMs: number; once: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: "string", default: "http://127.0.0.1:9080" },
        interval: { type: "string", default: "1" },
        once: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const intervalMs = Number(values.interval) * 1000;
    const isUsable = !values.help && intervalMs > 0 && URL.canParse(values.url);
    return isUsable ? { url: values.url, intervalMs, once: values.once } : undefined;
  } catch {
    return undefined;
  }
}
