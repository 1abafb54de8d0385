import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { levels } from "../lines/level.ts";
import { search } from "../state/session.ts";
import type { Volume } from "../state/search.ts";
import { go, page } from "../state/store.ts";
import { formatClock, formatDate } from "../time/nanos.ts";
import { absoluteText } from "../time/range.ts";
import { bytesText, countText } from "./amounts.ts";
import { Chart, type ChartSeries } from "./chart.tsx";

/** How much there is over time, by level. Drag to look closer. */
export function Histogram() {
  const volume = search.volume.value;
  const question = search.question.value;
  const hover = useSignal<number | undefined>(undefined);
  const drawn = useMemo(() => (volume === undefined ? undefined : drawing(volume)), [volume]);
  if (question === undefined || volume === undefined || drawn === undefined)
    return (
      <section class="card histogram" aria-label="Volume">
        <div class="chart empty">{search.isLoading.value && "Counting …"}</div>
      </section>
    );
  const { zone } = page.value;
  const seconds = (nanos: bigint): number => Number(nanos / 1_000_000n) / 1000;
  const total = (values: ChartSeries["values"]): number => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const amount = volume.unit === "bytes" ? bytesText : countText;
  const at = hover.value;
  const when = at === undefined ? undefined : new Date((drawn.xs[at] ?? 0) * 1000);
  return (
    <section class="card histogram" aria-label="Volume">
      <div class="legend">
        {[...drawn.series].reverse().map(({ label, color, values }) => (
          <span class="key" key={label}>
            <i class={`swatch s-${label}`} data-color={color} />
            {volume.unit === "bytes" ? "all, by the index" : label}
            <b>{amount(at === undefined ? total(values) : (values[at] ?? 0))}</b>
          </span>
        ))}
        <span class="when">{when && `${formatDate(when, zone)} ${formatClock(when, zone)}`}</span>
      </div>
      <Chart
        xs={drawn.xs}
        series={drawn.series}
        kind="stacked"
        height={110}
        zone={zone}
        step={volume.step}
        span={[seconds(question.range.start), seconds(question.range.end)]}
        name="Lines over time by level. Arrow keys walk, Enter looks closer."
        onHover={(index) => (hover.value = index)}
        onSelect={(from, to) =>
          go({
            range: absoluteText({
              start: BigInt(Math.round(from * 1000)) * 1_000_000n,
              end: BigInt(Math.round(to * 1000)) * 1_000_000n,
            }),
          })
        }
      />
    </section>
  );
}

/** Counts stand at the end of their step; a bar begins where its step does. */
function drawing({ series, step, unit }: Volume): { xs: number[]; series: ChartSeries[] } {
  const moments = new Set(series.flatMap(({ values }) => values.map(([seconds]) => Math.round(seconds - step))));
  const xs = [...moments].sort((a, b) => a - b);
  const index = new Map(xs.map((seconds, i) => [seconds, i]));
  const byLevel = new Map(series.map((one) => [one.metric["level"], one]));
  const order = [...levels].reverse().filter((level) => byLevel.has(level));
  return {
    xs,
    series: order.map((level) => {
      const values = xs.map((): number | null => null);
      for (const [seconds, value] of byLevel.get(level)!.values)
        values[index.get(Math.round(seconds - step))!] = Number(value);
      return { label: level, color: unit === "bytes" ? "--level-unknown" : `--level-${level}`, values };
    }),
  };
}
