import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import { type QueryResult, type SeriesResult, seriesOf } from "../api/answers.ts";
import { ApiError } from "../api/api-error.ts";
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
          <select
            aria-label="Told apart by"
            value={by}
            onChange={({ currentTarget }) => go({ by: currentTarget.value })}
          >
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
          <button type="button" class="link errors" onClick={() => open(` | detected_level=~"${failing}"`)}>
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

/** The very bytes of the range and of the one before; by the index alone where the server does not count that much. */
async function readServices(server: Api, by: string, range: Range, signal: AbortSignal): Promise<ServiceRow[]> {
  const selector = `{${by}=~".+"}`;
  const step = stepSeconds(range, 60);
  const seconds = Math.max(1, Number((range.end - range.start) / 1_000_000_000n));
  const volume = (at: Range): Promise<Sums> =>
    server.volume(selector, at, { targetLabels: by, limit: 500 }, signal).then((result) => sums(result, by));
  const bytes = (at: bigint): Promise<Sums | undefined> =>
    server
      .query(`sum by (${by}) (bytes_over_time(${selector} [${seconds}s]))`, at, signal)
      .then((result) => sums(result, by), unlessCancelled);
  const spark = server
    .queryRange(`sum by (${by}) (bytes_over_time(${selector} [${step}s]))`, range, { step }, signal)
    .catch(unlessCancelled);
  const byLevel = `sum by (${by}, detected_level) (count_over_time(${selector} [${seconds}s]))`;
  const [indexed, indexedBefore, now, before, errors, over] = await Promise.all([
    volume(range),
    volume(shiftRange(range, -1)).catch(unlessCancelled),
    bytes(range.end),
    bytes(range.start),
    server.query(byLevel, range.end, signal).then((result) => failures(result, by), unlessCancelled),
    spark,
  ]);
  const [counted, countedBefore] = now && before ? [now, before] : [indexed, indexedBefore];
  const sparks = new Map((over === undefined ? [] : seriesOf(over)).map(({ metric, values }) => [metric[by], values]));
  return [...counted]
    .map(([name, amount]) => ({
      name,
      bytes: amount,
      before: countedBefore?.get(name) ?? 0,
      spark: buckets(sparks.get(name) ?? [], range, step),
      errors: errors?.get(name) ?? 0,
    }))
    .sort((a, b) => b.bytes - a.bytes);
}

const failing = "error|critical|fatal";

type Sums = ReadonlyMap<string, number>;

const sums = (result: QueryResult, by: string): Sums =>
  new Map(seriesOf(result).map(({ metric, values }) => [metric[by] ?? "", Number(values[0]?.[1])]));

function failures(byLevel: QueryResult, by: string): Sums {
  const counts = new Map<string, number>();
  for (const { metric, values } of seriesOf(byLevel)) {
    const name = metric[by] ?? "";
    if (failing.split("|").includes(metric["detected_level"] ?? ""))
      counts.set(name, (counts.get(name) ?? 0) + Number(values[0]?.[1]));
  }
  return counts;
}

/** What a server cannot count is left out of the overview. */
function unlessCancelled(thrown: unknown): undefined {
  const error = ApiError.from(thrown);
  if (error.isCancelled) throw error;
}

/** Amounts by step from the start of a range; a sample stands at the end of its step. */
function buckets(values: SeriesResult["values"], { start, end }: Range, step: number): number[] {
  const from = Number(start / 1_000_000_000n);
  const count = Math.max(1, Math.ceil(Number((end - start) / 1_000_000_000n) / step));
  const amounts = Array.from({ length: count }, () => 0);
  for (const [at, value] of values)
    amounts[Math.min(count - 1, Math.max(0, Math.floor((at - from) / step) - 1))]! += Number(value);
  return amounts;
}
