const nanosOf: Record<string, bigint> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Seconds of a duration in Go's spelling: `1m30s` is 90. Throws Go's message. */
export function parseGoDuration(text: string): number {
  const invalid = (): never => {
    throw new Error(`time: invalid duration ${JSON.stringify(text)}`);
  };
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return 0;
  if (body === "") return invalid();
  let nanos = 0n;
  for (let at = 0; at < body.length;) {
    const [whole, digits = "", fraction = ""] = /^(\d*)(?:\.(\d*))?/.exec(body.slice(at))!;
    if (digits + fraction === "") return invalid();
    at += whole.length;
    const unit = /^[^.\d]*/.exec(body.slice(at))![0];
    if (unit === "") throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`);
    const scale = Object.hasOwn(nanosOf, unit) ? nanosOf[unit] : undefined;
    if (scale === undefined)
      throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    nanos += BigInt(digits || "0") * scale + (BigInt(fraction || "0") * scale) / 10n ** BigInt(fraction.length);
    if (nanos >= 2n ** 63n) return invalid();
    at += unit.length;
  }
  const seconds = Number(nanos / 1_000_000_000n) + Number(nanos % 1_000_000_000n) / 1e9;
  return text.startsWith("-") ? -seconds : seconds;
}

const byteUnits = new Map([
  ["", 1],
  ["b", 1],
]);
for (const [power, letter] of "kmgtpe".split("").entries())
  for (const [suffix, base] of [
    ["", 1000],
    ["b", 1000],
    ["i", 1024],
    ["ib", 1024],
  ] as const)
    byteUnits.set(letter + suffix, base ** (power + 1));

/** Bytes of a size such as `3.5MB` (1000s) or `1KiB` (1024s). Throws Go's message. */
export function parseBytes(text: string): number {
  const number = /^[\d.,]*/.exec(text)![0];
  const digits = number.replaceAll(",", "");
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(digits))
    throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(digits)}: invalid syntax`);
  const unit = text.slice(number.length).trim().toLowerCase();
  const scale = byteUnits.get(unit);
  if (scale === undefined) throw new Error(`unhandled size name: ${unit}`);
  const bytes = Number(digits) * scale;
  if (bytes >= 2 ** 64) throw new Error(`too large: ${text}`);
  return Math.trunc(bytes);
}
