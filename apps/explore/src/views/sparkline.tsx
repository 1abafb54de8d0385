/** Amounts over time, as small as a word. */
export function Sparkline({
  values,
  width = 120,
  height = 22,
}: {
  readonly values: readonly number[];
  readonly width?: number;
  readonly height?: number;
}) {
  const most = Math.max(...values, 1);
  const bar = width / Math.max(values.length, 1);
  return (
    <svg class="sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {values.map((value, i) => {
        const tall = value === 0 ? 0 : Math.max(1, (value / most) * height);
        return <rect key={i} x={i * bar} y={height - tall} width={Math.max(bar - 0.8, 0.8)} height={tall} />;
      })}
    </svg>
  );
}
