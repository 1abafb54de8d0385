import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import { seriesOf } from "../api/answers.ts";
import { ApiError } from "../api/api-error.ts";
import { levelOf } from "../lines/level.ts";
import { quote } from "../logql/quote.ts";
import { run } from "../state/session.ts";
import { api, asked, go, page, rangeNow } from "../state/store.ts";
import { type Range, shiftRange, stepSeconds } from "../time/range.ts";
import { bytesText, countText } from "./amounts.ts";
import { Sparkline } from "./sparkline.tsx";

interface ServiceRow {
  readonly name: string;
  readonly bytes: number;
  /** Bytes of the range before, of the same length. */
  readonly before: number;
  readonly spark: readonly number[];
  readonly errors: number;
}

/** Who sends how much, who got louder, who has errors. */
export function ServicesView() {
  const [rows, setRows] = useState<readonly ServiceRow[] | undefined>(undefined);
  const [labels, setLabels] = useState<readonly string[]>([]);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [filter, setFilter] = useState("");
  const { by, range } = page.value;
  const server = api.value;
  const again = asked.value;
  useEffect(() => {
    const aborter = new AbortController();
    const now = rangeNow();
    setRows(undefined);
    setError(undefined);
    if (now === undefined) return;
    server.labels(now, undefined, aborter.signal).then(setLabels, () => undefined);
    readServices(server, by, now, aborter.signal).then(setRows, (thrown) => {
      const failure = ApiError.from(thrown);
      if (!failure.isCancelled) setError(failure);
    });
    return () => aborter.abort();
  }, [by, range.from, range.to, server, again]);
  const shown = (rows ?? []).filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
  return (
    <main class="services" id="main">
      <div class="page-head">
        <h1>Services</h1>
        <label>
          by
          <select value={by} onChange={({ currentTarget }) => go({ by: currentTarget.value })}>
            {[...new Set([by, ...labels])].map((label) => (
              <option key={label} value={label}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <input
          type="search"
          aria-label="Filter services"
          placeholder="Filter"
          value={filter}
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
      </div>
      {error !== undefined && (
        <div class="card failure" role="alert">
          <div>
            <b>No overview</b>
            <p>{error.text}</p>
            <p class="hint">{error.advice}</p>
          </div>
        </div>
      )}
      {rows === undefined && error === undefined && (
        <p class="hint" role="status">
          Asking the index …
        </p>
      )}
      {rows?.length === 0 && <p class="hint">Nobody sent anything in this range.</p>}
      {shown.length > 0 && (
        <div class="card table-box" tabIndex={0} role="region" aria-label="Services by volume">
          <table class="service-table">
            <thead>
              <tr>
                <th scope="col">{by}</th>
                <th scope="col">Volume</th>
                <th scope="col" class="number">
                  Bytes
                </th>
                <th scope="col" class="number">
                  Against before
                </th>
                <th scope="col" class="number">
                  Errors
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Service key={row.name} row={row} by={by} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </main>
  );
}

function Service({ row, by }: { readonly row: ServiceRow; readonly by: string }) {
  const { name, bytes, before, spark, errors } = row;
  const open = (rest: string): void => run(`{${by}=${quote(name)}}${rest}`);
  return (
    <tr>
      <th scope="row">
        <button type="button" class="link" onClick={() => open("")}>
          {name}
        </button>
      </th>
      <td>
        <Sparkline values={spark} width={180} height={26} />
      </td>
      <td class="number">{bytesText(bytes)}</td>
      <td class={bytes > before * 2 ? "number loud" : "number"}>{changeText(bytes, before)}</td>
      <td class="number">
        {errors > 0 && (
          <button type="button" class="link errors" onClick={() => open(' | detected_level=~"error|critical|fatal"')}>
            {countText(errors)}
          </button>
        )}
      </td>
    </tr>
  );
}

function changeText(now: number, before: number): string {
  if (before === 0) return "new";
  const ratio = now / before;
  return ratio >= 10
    ? `× ${Math.round(ratio)}`
    : ratio >= 1.95
      ? `× ${ratio.toFixed(1)}`
      : `${ratio >= 1 ? "+" : "−"}${Math.abs(Math.round((ratio - 1) * 100))} %`;
}

async function readServices(server: Api, by: string, range: Range, signal: AbortSignal): Promise<ServiceRow[]> {
  const selector = `{${by}=~".+"}`;
  const step = stepSeconds(range, 60);
  const seconds = Math.max(1, Number((range.end - range.start) / 1_000_000_000n));
  const volume = { targetLabels: by, limit: 500 };
  const bytes = `sum by (${by}) (bytes_over_time(${selector} [${seconds}s]))`;
  const counting = `sum by (${by}, detected_level) (count_over_time(${selector} [${seconds}s]))`;
  const [now, before, over, levels] = await Promise.all([
    server.volume(selector, range, volume, signal),
    server.query(bytes, shiftRange(range, -1).end, signal).catch(() => undefined),
    server
      .queryRange(`sum by (${by}) (bytes_over_time(${selector} [${step}s]))`, range, { step }, signal)
      .catch(() => undefined),
    server.query(counting, range.end, signal).catch(() => undefined),
  ]);
  const earlier = new Map(
    (before === undefined ? [] : seriesOf(before)).map(({ metric, values }) => [metric[by], Number(values[0]?.[1])]),
  );
  const sparks = new Map((over === undefined ? [] : seriesOf(over)).map(({ metric, values }) => [metric[by], values]));
  const errors = new Map<string | undefined, number>();
  for (const { metric, values } of levels === undefined ? [] : seriesOf(levels)) {
    const level = levelOf(metric["detected_level"]);
    if (level === "error" || level === "critical")
      errors.set(metric[by], (errors.get(metric[by]) ?? 0) + Number(values[0]?.[1]));
  }
  const buckets = Math.max(1, Math.ceil(seconds / step));
  const start = Number(range.start / 1_000_000_000n);
  return seriesOf(now)
    .map(({ metric, values }) => {
      const spark = Array.from({ length: buckets }, () => 0);
      for (const [at, value] of sparks.get(metric[by]) ?? []) {
        const bucket = Math.min(buckets - 1, Math.max(0, Math.floor((at - start) / step) - 1));
        spark[bucket]! += Number(value);
      }
      return {
        name: metric[by] ?? "",
        // The index knows the bytes of a chunk, not of the part of it that lies in the range.
        bytes: over === undefined ? Number(values[0]?.[1]) : spark.reduce((sum, value) => sum + value, 0),
        before: earlier.get(metric[by]) ?? 0,
        spark,
        errors: errors.get(metric[by]) ?? 0,
      };
    })
    .sort((a, b) => b.bytes - a.bytes);
}
