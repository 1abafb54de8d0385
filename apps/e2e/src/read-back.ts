import { setTimeout as sleep } from "node:timers/promises";

interface Answer {
  readonly data: { readonly result: readonly { readonly values: readonly [time: string, line: string][] }[] };
}

const pageLines = 5000;

/** All lines that a selector finds, oldest first, in pages. */
export async function readBack(url: string, query: string, startNanos: bigint): Promise<string[]> {
  const lines: string[] = [];
  for (let start = startNanos; ;) {
    const page = await ask(url, { query, start: String(start), limit: String(pageLines), direction: "forward" });
    const entries = page.data.result.flatMap(({ values }) => values);
    entries.sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0));
    lines.push(...entries.map(([, line]) => line));
    if (entries.length < pageLines) return lines;
    start = BigInt(entries.at(-1)![0]) + 1n;
  }
}

/** Reads until there are `count` lines or no more come within `patienceMs`; then reads what there is. */
export async function readBackOnce(
  url: string,
  query: string,
  { count, startNanos, patienceMs = 60_000 }: { count: number; startNanos: bigint; patienceMs?: number },
): Promise<string[]> {
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    const lines = await readBack(url, query, startNanos).catch(() => []);
    if (lines.length >= count) return lines;
    await sleep(300);
  }
  return readBack(url, query, startNanos);
}

async function ask(url: string, parameters: Record<string, string>): Promise<Answer> {
  const end = String(BigInt(Date.now() + 3_600_000) * 1_000_000n);
  const search = new URLSearchParams({ end, ...parameters });
  const response = await fetch(`${url}/loki/api/v1/query_range?${search.toString()}`);
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${body}`);
  return JSON.parse(body) as Answer;
}
