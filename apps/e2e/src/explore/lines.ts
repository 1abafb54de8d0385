import { randomFrom } from "../random.ts";

/** Noon, in the eyes of the page under test. */
export const noonMs = Date.UTC(2026, 0, 15, 12, 0, 0);

export interface MadeStream {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: MadeLine[];
}

type MadeLine = readonly [nanos: string, line: string, metadata?: Readonly<Record<string, string>>];

const hourMs = 3_600_000;
const traceId = "4bf92f3577b34da6";
export const hostileLine =
  '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> \u202Egnp.exe \u0007 \u001B[31mred\u001B[0m';

/** A day of a small shop: nginx with failures yesterday, a checkout that traces, payments that got loud within the hour. */
export function shopDay(): { streams: MadeStream[]; nginxFailures: number; traceId: string; lastHour: number } {
  const random = randomFrom(20_260_115);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const streams = new Map<string, MadeStream>();
  let nginxFailures = 0;
  let lastHour = 0;
  const add = (app: string, ms: number, line: string, metadata: Readonly<Record<string, string>> = {}): void => {
    const labels = { app, env: "prod", host: `web-${1 + (ms % 3)}` };
    const stream: MadeStream = streams.get(JSON.stringify(labels)) ?? { labels, values: [] };
    streams.set(JSON.stringify(labels), stream);
    stream.values.push([`${ms}${String(Math.floor(random() * 999_999)).padStart(6, "0")}`, line, metadata]);
    if (ms >= noonMs - hourMs && ms < noonMs) lastHour++;
  };
  const within = (fromHours: number, hours: number): number =>
    Math.floor(noonMs - fromHours * hourMs + random() * hours * hourMs);
  for (let i = 0; i < 400; i++) {
    const status = i % 10 === 0 ? 500 : pick([200, 200, 304, 404]);
    if (status === 500) nginxFailures++;
    add("nginx", within(30, 12), nginxLine(status, random));
  }
  for (let i = 0; i < 1500; i++) add("nginx", within(1, 1), nginxLine(pick([200, 200, 200, 304, 404, 502]), random));
  for (let i = 0; i < 1200; i++) {
    const level = pick(["info", "info", "info", "debug", "warn", "error"]);
    const trace =
      i === 600
        ? traceId
        : Math.floor(random() * 2 ** 48)
            .toString(16)
            .padStart(16, "0");
    const msg = pick(["order placed", "user signed in", "cart updated", "payment declined"]);
    const order = { id: 1000 + i, total: Math.floor(random() * 50_000) / 100 };
    const line = { level, msg, order, duration_ms: Math.floor(random() * 900), trace_id: trace };
    add("checkout", within(1, 1), JSON.stringify(line), { pod: `checkout-${i % 3}` });
  }
  for (let i = 0; i < 300; i++) add("payments", within(2, 1), `level=info msg="settled" batch=${i} took=${i % 90}ms`);
  for (let i = 0; i < 2400; i++) {
    const level = pick(["warn", "error", "info"]);
    add("payments", within(0.4, 0.4), `level=${level} msg="retrying upstream" attempt=${i % 7} took=${i % 3000}ms`);
  }
  add("hostile", noonMs - 60_000, hostileLine);
  for (const { values } of streams.values()) values.sort(([a], [b]) => (a < b ? -1 : 1));
  return { streams: [...streams.values()], nginxFailures, traceId, lastHour };
}

function nginxLine(status: number, random: () => number): string {
  const octet = (): number => Math.floor(random() * 255);
  const path = ["cart", "orders", "users", "search"][Math.floor(random() * 4)];
  return `10.0.${octet()}.${octet()} - - "GET /api/v1/${path}/${octet()} HTTP/1.1" ${status} ${octet() * 37} "-" "Mozilla/5.0"`;
}

/** Many short lines of one stream, a millisecond apart, ending at noon of the day before. */
export function manyLines(count: number): MadeStream {
  const endMs = noonMs - 24 * hourMs;
  const values = Array.from({ length: count }, (_, i) => {
    const line = `level=${i % 50 === 0 ? "error" : "info"} msg="request served" path=/api/items/${i} took=${i % 700}ms user=u${i % 997}`;
    return [`${endMs - count + i}000000`, line] as const;
  });
  return { labels: { app: "many" }, values };
}

export async function pushStreams(url: string, streams: readonly MadeStream[], tenant = "shop"): Promise<void> {
  const body = JSON.stringify({ streams: streams.map(({ labels, values }) => ({ stream: labels, values })) });
  const answer = await fetch(`${url}/loki/api/v1/push`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Scope-OrgID": tenant },
    body,
  });
  if (answer.status !== 204) throw new Error(`push answered ${answer.status}: ${await answer.text()}`);
}
