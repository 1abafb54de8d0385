import { formatLabels, type ResultStream } from "@ratatosk/model";

/** A stream as `/api/prom/*` writes it: labels and times are text. */
export function legacyStream({ labels, entries }: ResultStream): unknown {
  return {
    labels: formatLabels(labels),
    entries: entries.map(({ time, line }) => ({ ts: rfc3339(time), line: Buffer.from(line).toString() })),
  };
}

/** A time with as many decimals as it needs. */
export function rfc3339(time: bigint): string {
  const seconds = time / 1_000_000_000n;
  const fraction = String(time % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction === "" ? "" : `.${fraction}`}Z`;
}
