import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { formatClock, formatDate } from "../time/nanos.ts";
import { numberText } from "./amounts.ts";

export interface ChartSeries {
  readonly label: string;
  readonly color: string;
  /** One for each of `xs`; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  /** Seconds. */
  readonly xs: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly kind: "line" | "bar" | "stacked";
  readonly height: number;
  readonly zone: "local" | "utc";
  /** Said by a screen reader. */
  readonly name: string;
  /** Seconds that the x axis spans, whatever the data. */
  readonly span?: readonly [number, number] | undefined;
  readonly step?: number | undefined;
  readonly onSelect?: ((from: number, to: number) => void) | undefined;
  readonly onHover?: ((index: number | undefined) => void) | undefined;
}

/** A chart over time; dragging selects a range, arrow keys walk and Enter selects one step. */
export function Chart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const { xs, series, kind, height, zone, name } = props;
  useEffect(() => {
    const box = host.current!;
    const draw = new uPlot(options(latest, box.clientWidth), data(latest.current), box);
    plot.current = draw;
    const observer = new ResizeObserver(() => draw.setSize({ width: box.clientWidth, height: latest.current.height }));
    observer.observe(box);
    const repaint = (): void => draw.redraw(false, false);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", repaint);
    const themed = new MutationObserver(repaint);
    themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      observer.disconnect();
      themed.disconnect();
      scheme.removeEventListener("change", repaint);
      draw.destroy();
    };
  }, [xs, series, kind, height, zone]);
  const keys = (event: KeyboardEvent): void => {
    const draw = plot.current;
    if (draw === undefined || xs.length === 0) return;
    const at = draw.cursor.idx ?? xs.length;
    const to = event.key === "ArrowLeft" ? at - 1 : event.key === "ArrowRight" ? at + 1 : undefined;
    if (to !== undefined) {
      event.preventDefault();
      const index = Math.max(0, Math.min(to, xs.length - 1));
      draw.setCursor({ left: draw.valToPos(xs[index]!, "x"), top: 10 });
    } else if (event.key === "Enter" && draw.cursor.idx != null)
      latest.current.onSelect?.(xs[draw.cursor.idx]!, xs[draw.cursor.idx]! + (latest.current.step ?? 60));
  };
  return (
    <div
      class="chart"
      ref={host}
      role="application"
      aria-roledescription="chart"
      aria-label={name}
      tabIndex={0}
      onKeyDown={keys}
    />
  );
}

/** Stacked series are sums from the bottom, drawn from the largest. */
function data({ xs, series, kind }: ChartProps): uPlot.AlignedData {
  if (kind !== "stacked") return [[...xs], ...series.map(({ values }) => [...values])];
  const sum = xs.map(() => 0);
  const stacked = series.map(({ values }) => values.map((value, i) => (sum[i]! += value ?? 0)));
  return [[...xs], ...stacked.reverse()];
}

const ink = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(latest: { readonly current: ChartProps }, width: number): uPlot.Options {
  const { series, kind, height, zone, span, step } = latest.current;
  const drawn = kind === "stacked" ? [...series].reverse() : series;
  const bars = uPlot.paths.bars!({ size: [0.86, 48], align: 1, gap: 0 });
  const colour = (name: string) => (): string => (name.startsWith("--") ? ink(name) : name);
  const axis = { stroke: () => ink("--soft"), ticks: { show: false }, font: "11px system-ui, sans-serif" };
  return {
    width,
    height,
    padding: [8, 28, 0, 0],
    legend: { show: false },
    tzDate: (seconds) =>
      zone === "utc" ? uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") : new Date(seconds * 1000),
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { show: kind === "line" } },
    scales: {
      x: {
        time: true,
        range: (_plot, min, max) => (span ? [span[0], span[1]] : [min, max + (kind === "line" ? 0 : (step ?? 0))]),
      },
      y: { range: (_plot, min, max) => [Math.min(0, min ?? 0), (max ?? 0) > 0 ? max * 1.05 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 24, space: 90, values: (_plot, values) => timeLabels(values, zone) },
      {
        ...axis,
        grid: { stroke: () => ink("--grid"), width: 1 },
        size: 48,
        splits: (_plot, _axis, min, max) => ticks(min, max, height < 120 ? 2 : 4),
        values: (_plot, values) => values.map((value) => numberText(value)),
      },
    ],
    series: [
      {},
      ...drawn.map(({ label, color }): uPlot.Series =>
        kind === "line"
          ? { label, stroke: colour(color), width: 1.5, points: { show: false } }
          : { label, fill: colour(color), stroke: colour(color), width: 0, paths: bars, points: { show: false } },
      ),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < 4) return;
          const from = plot.posToVal(plot.select.left, "x");
          const to = plot.posToVal(plot.select.left + plot.select.width, "x");
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          latest.current.onSelect?.(from, to);
        },
      ],
      setCursor: [(plot) => latest.current.onHover?.(plot.cursor.idx ?? undefined)],
    },
  };
}

/** Clock times; the date where a day begins or the steps are days. */
function timeLabels(values: readonly number[], zone: ChartProps["zone"]): string[] {
  const gap = (values[1] ?? 0) - (values[0] ?? 0);
  return values.map((seconds) => {
    const date = new Date(seconds * 1000);
    const clock = formatClock(date, zone);
    if (clock === "00:00:00" || gap >= 86_400) return formatDate(date, zone).slice(5);
    return gap < 60 ? clock : clock.slice(0, 5);
  });
}

/** Round values for the y axis. */
function ticks(min: number, max: number, count: number): number[] {
  const rough = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough)!;
  const out: number[] = [];
  for (let value = Math.ceil(min / step) * step; value <= max; value += step) out.push(value);
  return out;
}
