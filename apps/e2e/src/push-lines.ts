import { setTimeout as sleep } from "node:timers/promises";

/** Pushes lines a nanosecond apart, as JSON; waits and tries again while the server says 429 or 503. */
export async function pushLines(
  url: string,
  stream: Readonly<Record<string, string>>,
  lines: readonly string[],
  startNanos: bigint,
): Promise<void> {
  const values = lines.map((line, i) => [String(startNanos + BigInt(i)), line]);
  for (let tries = 0; tries < 100; tries++) {
    const response = await pushOnce(url, { streams: [{ stream, values }] });
    if (response.status === 204) return;
    if (response.status !== 429 && response.status !== 503) throw new Error(`${response.status}: ${response.text}`);
    await sleep(200);
  }
  throw new Error("the server stayed busy");
}

export async function pushOnce(url: string, body: unknown): Promise<{ status: number; text: string }> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${url}/loki/api/v1/push`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}
