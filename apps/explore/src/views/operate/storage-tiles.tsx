import { useEffect, useState } from "preact/hooks";
import type { Api } from "../../api/api.ts";
import { type IndexStats, seriesOf } from "../../api/answers.ts";
import type { Health } from "../../operate/health.ts";
import { maxOf, type Sample, sumBy, sumOf } from "../../operate/metrics-text.ts";
import { labelText } from "../metric-view.tsx";
import { agoText, bytesText, countText } from "../amounts.ts";
import { Facts } from "./facts.tsx";

type Amount = (value: number) => string;

const figure = (samples: readonly Sample[], name: string, text: Amount): string | undefined => {
  const value = sumOf(samples, name);
  return value === undefined ? undefined : text(value);
};

/** What is held in memory and read. Where streams have replicas each copy counts. */
export function Storage({ samples }: { readonly samples: readonly Sample[] }) {
  return (
    <section class="card tile" aria-label="Storage">
      <h2>Storage</h2>
      <Facts
        facts={[
          ["Streams in memory", figure(samples, "loki_ingester_memory_streams", countText)],
          ["Chunks in memory", figure(samples, "loki_ingester_memory_chunks", countText)],
          ["Lines in memory", figure(samples, "ratatosk_ingester_memory_bytes", bytesText)],
          ["Write-ahead log", figure(samples, "loki_ingester_wal_bytes_in_use", bytesText)],
          ["Waiting to be flushed", figure(samples, "loki_ingester_flush_queue_length", countText)],
          ["Failed flushes", figure(samples, "loki_ingester_chunks_flush_failures_total", countText)],
          ["Read from the store", figure(samples, "ratatosk_store_read_bytes_total", bytesText)],
          ["Unreadable objects", figure(samples, "ratatosk_store_unreadable_total", countText)],
        ]}
      />
    </section>
  );
}

/** Bytes by tenant, since the processes began. */
export function Tenants({ samples }: { readonly samples: readonly Sample[] }) {
  const received = sumBy(samples, "loki_distributor_bytes_received_total", ["tenant"]);
  const by = (name: string): ReadonlyMap<string, number> =>
    new Map(sumBy(samples, name, ["tenant"]).map(({ key, value }) => [key[0]!, value]));
  const lines = by("loki_distributor_lines_received_total");
  const stored = by("loki_ingester_chunk_stored_bytes_total");
  return (
    <section class="card tile" aria-label="Tenants">
      <h2>Tenants, since the start</h2>
      {received.length === 0 && <p class="hint">Nothing was taken in yet.</p>}
      {received.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Tenant</th>
              {["Received", "Lines", "Stored"].map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {received.slice(0, 20).map(({ key: [tenant = ""], value }) => (
              <tr key={tenant}>
                <th scope="row">{tenant}</th>
                <td class="number">{bytesText(value)}</td>
                <td class="number">{countText(lines.get(tenant) ?? 0)}</td>
                <td class="number">{bytesText(stored.get(tenant) ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** How small objects become few, and what is deleted when it is old. */
export function Compaction({ health, settings }: { readonly health: Health; readonly settings: string }) {
  const { samples } = health;
  const when = (name: string): string | undefined => {
    const seconds = maxOf(samples, name);
    return seconds === undefined ? undefined : seconds === 0 ? "not yet" : agoText(health.atMs / 1000 - seconds);
  };
  const failed = (name: string): string | undefined => {
    const runs = sumBy(samples, name, ["status"]);
    return runs.length === 0
      ? undefined
      : countText(runs.filter(({ key }) => key[0] === "failure").reduce((sum, { value }) => sum + value, 0));
  };
  const setting = (name: string): string | undefined => new RegExp(`^ *${name}: (.+)$`, "m").exec(settings)?.[1];
  const isOn = setting("retention_enabled");
  return (
    <section class="card tile" aria-label="Retention and compaction">
      <h2>Retention and compaction</h2>
      <Facts
        facts={[
          ["Kept for", isOn === "false" ? "ever (retention is off)" : keptFor(setting("retention_period"))],
          ["Kept at most, a tenant", sizeLimit(setting("retention_max_bytes"))],
          ["Last retention", when("loki_compactor_apply_retention_last_successful_run_timestamp_seconds")],
          ["Failed retentions", failed("loki_compactor_apply_retention_operation_total")],
          ["Deletes waiting", figure(samples, "loki_compactor_pending_delete_requests_count", countText)],
          [
            "Last compaction",
            when("loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds"),
          ],
          ["Failed compactions", failed("loki_boltdb_shipper_compact_tables_operation_total")],
          ["Index files merged", figure(samples, "ratatosk_compactor_merged_files_total", countText)],
          ["Written again", figure(samples, "ratatosk_compactor_written_bytes_total", bytesText)],
          ["Copies dropped", figure(samples, "ratatosk_compactor_duplicates_total", countText)],
          ["Freed", figure(samples, "ratatosk_compactor_freed_bytes_total", bytesText)],
          ["Damaged objects", figure(samples, "ratatosk_compactor_damaged_total", countText)],
        ]}
      />
    </section>
  );
}

const keptFor = (period: string | undefined): string | undefined =>
  period !== undefined && /^0[a-z]*$/.test(period) ? "ever" : period;

const sizeLimit = (size: string | undefined): string | undefined =>
  size === undefined || /^0[A-Za-z]*$/.test(size) ? undefined : size;

const week = 7;
const all = '{service_name=~".+"}';

interface Day {
  readonly day: string;
  readonly stats: IndexStats;
}

/** What lies in the store, day by day. */
export function Days({ server }: { readonly server: Api }) {
  const [days, setDays] = useState<readonly Day[] | undefined>(undefined);
  useEffect(() => {
    const aborter = new AbortController();
    Promise.all(
      Array.from({ length: week }, async (_, back) => ({
        day: new Date(Number(dayBegin(back) / 1_000_000n)).toISOString().slice(0, 10),
        stats: await server.indexStats(all, { start: dayBegin(back), end: dayBegin(back - 1) }, aborter.signal),
      })),
    ).then(setDays, () => setDays([]));
    return () => aborter.abort();
  }, [server]);
  const most = Math.max(1, ...(days ?? []).map(({ stats }) => stats.bytes));
  return (
    <section class="card tile wide" aria-label="Days">
      <h2>The last seven days (UTC)</h2>
      {days === undefined && <p class="hint">Asking the index …</p>}
      {days?.length === 0 && <p class="hint">The index did not answer.</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Share</th>
            {["Bytes", "Lines", "Streams"].map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
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
    </section>
  );
}

type Largest = readonly (readonly [name: string, bytes: number])[];

/** The services and the streams that wrote most in the last seven days. */
export function LargestSenders({ server }: { readonly server: Api }) {
  const [services, setServices] = useState<Largest | undefined>(undefined);
  const [streams, setStreams] = useState<Largest | undefined>(undefined);
  useEffect(() => {
    const aborter = new AbortController();
    const range = { start: dayBegin(week - 1), end: dayBegin(-1) };
    const largest = (query: string, params: Readonly<Record<string, string>>): Promise<Largest> =>
      server.volume(query, range, { ...params, limit: 10 }, aborter.signal).then(
        (result) => seriesOf(result).map(({ metric, values }) => [labelText(metric), Number(values[0]?.[1])] as const),
        () => [],
      );
    void largest(all, { targetLabels: "service_name" }).then(setServices);
    void largest("{}", {}).then(setStreams);
    return () => aborter.abort();
  }, [server]);
  const lists = [
    ["Largest services of the week", services],
    ["Largest streams of the week", streams],
  ] as const;
  return lists.map(([title, largest]) => (
    <section key={title} class="card tile wide" aria-label={title}>
      <h2>{title}</h2>
      {largest === undefined && <p class="hint">Asking the index …</p>}
      {largest?.length === 0 && <p class="hint">The index knows of none.</p>}
      <Facts
        facts={(largest ?? []).map(
          ([name, bytes]) => [name.replace(/^service_name=(?=[^,]*$)/, ""), bytesText(bytes)] as const,
        )}
      />
    </section>
  ));
}

function dayBegin(back: number): bigint {
  const dayMs = 86_400_000;
  return BigInt((Math.floor(Date.now() / dayMs) - back) * dayMs) * 1_000_000n;
}
