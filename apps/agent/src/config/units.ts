const msOf: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const longMsOf: Record<string, number> = { ...msOf, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 };

/** Milliseconds of Go's duration (`1h2m3s`, `1.5s`, `-2m`, `0`); a bare number counts nanoseconds. Undefined if it is none. */
export function parseGoDuration(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) / 1e6 : parse(text, msOf);
}

/** The same with Prometheus' units `d`, `w` and `y`. */
export function parseLongDuration(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) / 1e6 : parse(text, longMsOf);
}

function parse(text: string, units: Record<string, number>): number | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|[smhdwy]))+)$/.exec(text);
  if (match === null) return undefined;
  let total = 0;
  for (const [, amount, unit] of match[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|[smhdwy])/g)) {
    const ms = units[unit!];
    if (ms === undefined) return undefined;
    total += Number(amount) * ms;
  }
  return match[1] === "-" ? -total : total;
}

const bytesOf: Record<string, number> = {
  "": 1,
  b: 1,
  k: 2 ** 10,
  kb: 2 ** 10,
  m: 2 ** 20,
  mb: 2 ** 20,
  g: 2 ** 30,
  gb: 2 ** 30,
  t: 2 ** 40,
  tb: 2 ** 40,
};

/** Bytes of a size such as `256kb`, in any case; all units are powers of 1024. Undefined if it is none. */
export function parseBytesText(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = match && bytesOf[match[2]!.toLowerCase()];
  return match && unit !== undefined && unit !== null ? Math.trunc(Number(match[1]) * unit) : undefined;
}
