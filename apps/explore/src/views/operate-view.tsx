import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import { type IndexStats, seriesOf } from "../api/answers.ts";
import { ApiError } from "../api/api-error.ts";
import { parseMetrics, type Sample, sumBy, sumOf } from "../operate/metrics-text.ts";
import { api, page } from "../state/store.ts";
import { bytesText, countText, secondsText } from "./amounts.ts";

const refreshMs = 10_000;

interface Health {
  readonly ready: string;
  readonly version: string;
  readonly services: readonly (readonly [name: string, state: string])[];
  readonly samples: readonly Sample[];
  readonly atMs: number;
}

/** How the system is: parts, intake, storage, what limits refused. */
export function OperateView() {
  const [health, setHealth] = useState<Health | undefined>(undefined);
  const [previous, setPrevious] = useState<Health | undefined>(undefined);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const server = api.value;
  useEffect(() => {
    const aborter = new AbortController();
    let last: Health | undefined;
    const read = (): void =>
      void readHealth(server, aborter.signal).then(
        (now) => {
          setPrevious(last);
          last = now;
          setHealth(now);
          setError(undefined);
        },
        (thrown) => {
          const failure = ApiError.from(thrown);
          if (!failure.isCancelled) setError(failure);
        },
      );
    read();
    const timer = setInterval(read, refreshMs);
    return () => {
      clearInterval(timer);
      aborter.abort();
    };
  }, [server]);
  return (
    <main class="operate" id="main">
      <div class="page-head">
        <h1>Operate</h1>
        {health !== undefined && (
          <span class={health.ready === "ready" ? "state good" : "state bad"}>{health.ready}</span>
        )}
        {health !== undefined && <span class="hint">version {health.version}</span>}
      </div>
      {error !== undefined && (
        <div class="card failure" role="alert">
          <div>
            <b>No answer</b>
            <p>{error.text}</p>
            <p class="hint">{error.advice}</p>
          </div>
        </div>
      )}
      {health !== undefined && (
        <div class="tiles">
          <Services services={health.services} />
          <Intake health={health} previous={previous} />
          <Agents samples={health.samples} />
          <Refusals samples={health.samples} />
          <Storage samples={health.samples} />
          <Days server={server} />
          <Limits server={server} />
        </div>
      )}
    </main>
  );
}

async function readHealth(server: Api, signal: AbortSignal): Promise<Health> {
  const [ready, build, services, metrics] = await Promise.all([
    server.text("/ready", {}, signal).then(
      (text) => text.trim(),
      (error: unknown) => ApiError.from(error).text,
    ),
    server
      .json<{ version?: string }>("/loki/api/v1/status/buildinfo", {}, signal)
      .catch((): { version?: string } => ({})),
    server.text("/services", {}, signal).catch(() => ""),
    server.text("/metrics", {}, signal),
  ]);
  return {
    ready,
    version: build.version ?? "unknown",
    services: services
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" => ") as [string, string]),
    samples: parseMetrics(metrics),
    atMs: Date.now(),
  };
}

function Services({ services }: Pick<Health, "services">) {
  return (
    <section class="card tile" aria-label="Parts">
      <h2>Parts</h2>
      {services.length === 0 && <p class="hint">This server lists no parts.</p>}
      <ul class="states">
        {services.map(([name, state]) => (
          <li key={name}>
            <span>{name}</span>
            <span class={state === "Running" ? "state good" : "state bad"}>{state}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Intake({ health, previous }: { readonly health: Health; readonly previous: Health | undefined }) {
  const { samples } = health;
  const rate = (name: string): number | undefined => {
    const [now, then] = [sumOf(samples, name), previous && sumOf(previous.samples, name)];
    return now === undefined || then === undefined ? undefined : ((now - then) * 1000) / (health.atMs - previous!.atMs);
  };
  const lines = rate("loki_distributor_lines_received_total");
  const bytes = rate("loki_distributor_bytes_received_total");
  const tenants = sumBy(samples, "loki_distributor_bytes_received_total", ["tenant"]);
  const memory = sumOf(samples, "process_resident_memory_bytes");
  const slow = sumOf(samples, "loki_request_duration_seconds_sum");
  const requests = sumOf(samples, "loki_request_duration_seconds_count");
  return (
    <section class="card tile" aria-label="Intake">
      <h2>Intake and memory</h2>
      <Facts
        facts={[
          ["Lines now", lines === undefined ? "…" : `${countText(lines)} /s`],
          ["Bytes now", bytes === undefined ? "…" : `${bytesText(bytes)}/s`],
          ["Lines since start", countText(sumOf(samples, "loki_distributor_lines_received_total") ?? 0)],
          ...tenants.slice(0, 5).map(({ key, value }): Fact => [`Bytes of ${key[0]}`, bytesText(value)]),
          ["Memory of the process", memory === undefined ? undefined : bytesText(memory)],
          ["Mean answer", slow === undefined || !requests ? undefined : secondsText(slow / requests)],
          ["Requests", requests === undefined ? undefined : countText(requests)],
        ]}
      />
    </section>
  );
}

type Fact = readonly [name: string, value: string | undefined];

const Facts = ({ facts }: { readonly facts: readonly Fact[] }) => (
  <dl class="facts">
    {facts.map(
      ([name, value]) =>
        value !== undefined && (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
    )}
  </dl>
);

/** Who pushes, as far as the distributor tells agents apart. */
function Agents({ samples }: { readonly samples: readonly Sample[] }) {
  const lag = sumBy(samples, "loki_distributor_lag_ms_total", ["tenant", "userAgent"]);
  const pushes = sumBy(samples, "loki_request_duration_seconds_count", ["route", "status_code"]).filter(({ key }) =>
    key[0]!.includes("push"),
  );
  return (
    <section class="card tile" aria-label="Agents">
      <h2>Agents</h2>
      {lag.length === 0 && pushes.length === 0 && <p class="hint">Nobody has pushed since this process began.</p>}
      <Facts
        facts={[
          ...pushes.map(({ key, value }): Fact => [`Pushes answered ${key[1]}`, countText(value)]),
          ...lag
            .slice(0, 10)
            .map(({ key, value }): Fact => [
              `Lag of ${key[1] || "unnamed agents"} (${key[0]})`,
              secondsText(value / 1000),
            ]),
        ]}
      />
    </section>
  );
}

function Refusals({ samples }: { readonly samples: readonly Sample[] }) {
  const refused = sumBy(samples, "loki_discarded_samples_total", ["tenant", "reason"]).filter(({ value }) => value > 0);
  return (
    <section class="card tile" aria-label="Limits hit">
      <h2>Limits hit</h2>
      {refused.length === 0 && <p class="hint">No line was refused since this process began.</p>}
      <Facts facts={refused.map(({ key, value }): Fact => [`${key[1]} (${key[0]})`, `${countText(value)} lines`])} />
    </section>
  );
}

function Storage({ samples }: { readonly samples: readonly Sample[] }) {
  const amount = (name: string, text: (value: number) => string): string | undefined => {
    const value = sumOf(samples, name);
    return value === undefined ? undefined : text(value);
  };
  return (
    <section class="card tile" aria-label="Storage">
      <h2>Storage</h2>
      <Facts
        facts={[
          ["Streams in memory", amount("loki_ingester_memory_streams", countText)],
          ["Chunks in memory", amount("loki_ingester_memory_chunks", countText)],
          ["Lines in memory", amount("ratatosk_ingester_memory_bytes", bytesText)],
          ["Write-ahead log", amount("loki_ingester_wal_bytes_in_use", bytesText)],
          ["Waiting to be flushed", amount("loki_ingester_flush_queue_length", countText)],
          ["Failed flushes", amount("loki_ingester_chunks_flush_failures_total", countText)],
          ["Read from the store", amount("ratatosk_store_read_bytes_total", bytesText)],
          ["Unreadable objects", amount("ratatosk_store_unreadable_total", countText)],
        ]}
      />
    </section>
  );
}

interface Day {
  readonly day: string;
  readonly stats: IndexStats;
}

/** What lies in the store, day by day, and the largest senders of the week. */
function Days({ server }: { readonly server: Api }) {
  const [days, setDays] = useState<readonly Day[] | undefined>(undefined);
  const [largest, setLargest] = useState<readonly (readonly [string, number])[]>([]);
  useEffect(() => {
    const aborter = new AbortController();
    const week = { start: dayBegin(6), end: dayBegin(-1) };
    const all = '{service_name=~".+"}';
    Promise.all(
      [0, 1, 2, 3, 4, 5, 6].map(async (back) => ({
        day: new Date(Number(dayBegin(back) / 1_000_000n)).toISOString().slice(0, 10),
        stats: await server.indexStats(all, { start: dayBegin(back), end: dayBegin(back - 1) }, aborter.signal),
      })),
    ).then(setDays, () => setDays([]));
    server.volume(all, week, { targetLabels: "service_name", limit: 8 }, aborter.signal).then(
      (result) =>
        setLargest(
          seriesOf(result).map(({ metric, values }) => [metric["service_name"] ?? "", Number(values[0]?.[1])] as const),
        ),
      () => setLargest([]),
    );
    return () => aborter.abort();
  }, [server]);
  const most = Math.max(1, ...(days ?? []).map(({ stats }) => stats.bytes));
  return (
    <section class="card tile wide" aria-label="Days">
      <h2>The last seven days (UTC)</h2>
      {days === undefined && <p class="hint">Asking the index …</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Share</th>
            <th scope="col" class="number">
              Bytes
            </th>
            <th scope="col" class="number">
              Lines
            </th>
            <th scope="col" class="number">
              Streams
            </th>
          </tr>
        </thead>
        <tbody>
          {days?.map(({ day, stats }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td>
                <meter min={0} max={most} value={stats.bytes} aria-label={`Bytes of ${day}`} />
              </td>
              <td class="number">{bytesText(stats.bytes)}</td>
              <td class="number">{countText(stats.entries)}</td>
              <td class="number">{countText(stats.streams)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Facts facts={largest.map(([name, bytes]): Fact => [name, bytesText(bytes)])} />
    </section>
  );
}

function dayBegin(back: number): bigint {
  const dayMs = 86_400_000;
  return BigInt((Math.floor(Date.now() / dayMs) - back) * dayMs) * 1_000_000n;
}

/** The tenant's limits, where the server publishes them; else those of its configuration. */
function Limits({ server }: { readonly server: Api }) {
  const [limits, setLimits] = useState<string | undefined>(undefined);
  useEffect(() => {
    const aborter = new AbortController();
    const fromConfig = async (): Promise<string> =>
      /^limits_config:\n((?:[ \t].*\n?)*)/m.exec(await server.text("/config", {}, aborter.signal))?.[1] ?? "";
    const published =
      page.value.tenant === ""
        ? fromConfig()
        : server.text("/config/tenant/v1/limits", {}, aborter.signal).catch(fromConfig);
    published.then(setLimits, () => setLimits(""));
    return () => aborter.abort();
  }, [server]);
  const lines = (limits ?? "")
    .split("\n")
    .map((line) => /^\s*([a-z_0-9]+):\s*(.+)$/.exec(line))
    .filter((match) => match !== null);
  return (
    <section class="card tile wide" aria-label="Limits">
      <h2>Limits</h2>
      {limits === undefined && <p class="hint">Loading …</p>}
      {limits === "" && <p class="hint">This server does not tell its limits.</p>}
      <div class="limits" tabIndex={0} role="region" aria-label="Limits of the tenant">
        <Facts facts={lines.map((match): Fact => [match[1]!, match[2]!])} />
      </div>
    </section>
  );
}
