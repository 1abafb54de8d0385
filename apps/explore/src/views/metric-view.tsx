import { useMemo, useState } from "preact/hooks";
import { type Labels, seriesOf, type SeriesResult } from "../api/answers.ts";
import { search } from "../state/session.ts";
import { go, page } from "../state/store.ts";
import type { ChartKind } from "../state/url.ts";
import { absoluteText, stepSeconds } from "../time/range.ts";
import { numberText } from "./amounts.ts";
import { Chart, type ChartSeries } from "./chart.tsx";
import { seriesColour } from "./palette.ts";
import { StatsCorner } from "./stats-corner.tsx";

const kinds: readonly (readonly [ChartKind, string])[] = [
  ["line", "Lines"],
  ["bar", "Bars"],
  ["stacked", "Stacked"],
];
const mostSeries = 200;

/** The answer of a metric query: a chart with a legend that filters, or a table of one moment. */
export function MetricView() {
  const { chart, instant } = page.value;
  const result = search.metric.value;
  const series = useMemo(() => (result === undefined ? [] : seriesOf(result)), [result]);
  return (
    <section class="card metric" aria-label="Result">
      <div class="toolbar" role="toolbar" aria-label="Chart">
        <span class="count" role="status">
          {search.isLoading.value ? "Counting …" : `${series.length} series`}
        </span>
        <StatsCorner stats={search.stats.value} />
        <div class="spacer" />
        {!instant &&
          kinds.map(([kind, label]) => (
            <button type="button" key={kind} aria-pressed={chart === kind} onClick={() => go({ chart: kind }, true)}>
              {label}
            </button>
          ))}
        <button type="button" aria-pressed={instant} onClick={() => go({ instant: !instant })}>
          Instant
        </button>
      </div>
      {series.length === 0 && !search.isLoading.value && search.error.value === undefined && (
        <div class="nothing">
          <h2>No series in this range</h2>
        </div>
      )}
      {series.length > 0 &&
        (result!.resultType === "matrix" ? (
          <SeriesChart series={series.slice(0, mostSeries)} />
        ) : (
          <Samples series={series} />
        ))}
      {series.length > mostSeries && (
        <p class="hint">
          Only the first {mostSeries} of {series.length} series are drawn; topk() chooses.
        </p>
      )}
    </section>
  );
}

export const labelText = (metric: Labels): string => {
  const pairs = Object.entries(metric).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? "value" : pairs.join(", ");
};

function SeriesChart({ series }: { readonly series: readonly SeriesResult[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [filter, setFilter] = useState("");
  const [at, setAt] = useState<number | undefined>(undefined);
  const { chart, zone } = page.value;
  const drawn = useMemo(() => drawing(series), [series]);
  const isShown = ({ label }: ChartSeries): boolean =>
    (chosen.size === 0 || chosen.has(label)) && label.toLowerCase().includes(filter.toLowerCase());
  const shown = useMemo(() => drawn.series.filter(isShown), [drawn, chosen, filter]);
  const range = search.question.value!.range;
  const toggle = (label: string): void => {
    const next = new Set(chosen);
    if (!next.delete(label)) next.add(label);
    setChosen(next);
  };
  return (
    <>
      <Chart
        xs={drawn.xs}
        series={shown}
        kind={chart}
        height={320}
        zone={zone}
        step={stepSeconds(range, 200)}
        name={`${shown.length} series over time. Arrow keys walk.`}
        onHover={setAt}
        onSelect={(from, to) =>
          go({
            range: absoluteText({
              start: BigInt(Math.round(from * 1000)) * 1_000_000n,
              end: BigInt(Math.round(to * 1000)) * 1_000_000n,
            }),
          })
        }
      />
      <div class="series-legend">
        <input
          type="search"
          aria-label="Filter series"
          placeholder="Filter series"
          value={filter}
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
        <ul>
          {drawn.series
            .filter(({ label }) => label.toLowerCase().includes(filter.toLowerCase()))
            .map((one) => (
              <li key={one.label}>
                <button
                  type="button"
                  aria-pressed={chosen.has(one.label)}
                  class={isShown(one) ? "" : "off"}
                  onClick={() => toggle(one.label)}
                >
                  <i class="swatch" style={{ background: one.color }} />
                  <span>{one.label}</span>
                  <b>{numberText((at === undefined ? lastOf(one.values) : one.values[at]) ?? 0)}</b>
                </button>
              </li>
            ))}
        </ul>
      </div>
    </>
  );
}

const lastOf = (values: ChartSeries["values"]): number | null => values.findLast((value) => value !== null) ?? null;

function drawing(series: readonly SeriesResult[]): { xs: number[]; series: ChartSeries[] } {
  const xs = [...new Set(series.flatMap(({ values }) => values.map(([seconds]) => seconds)))].sort((a, b) => a - b);
  const index = new Map(xs.map((seconds, i) => [seconds, i]));
  return {
    xs,
    series: series.map(({ metric, values }, i) => {
      const column = xs.map((): number | null => null);
      for (const [seconds, value] of values)
        column[index.get(seconds)!] = Number.isFinite(Number(value)) ? Number(value) : null;
      return { label: labelText(metric), color: seriesColour(i), values: column };
    }),
  };
}

function Samples({ series }: { readonly series: readonly SeriesResult[] }) {
  const names = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const rows = [...series].sort((a, b) => Number(b.values[0]![1]) - Number(a.values[0]![1]));
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label="Samples">
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col" class="number">
              Value
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ metric, values }) => (
            <tr key={labelText(metric)}>
              {names.map((name) => (
                <td key={name}>{metric[name] ?? ""}</td>
              ))}
              <td class="number">{values[0]![1]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
