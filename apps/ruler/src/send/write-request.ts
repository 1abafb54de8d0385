import type { Labels } from "@ratatosk/model";
import type { RecordedSample } from "../run/evaluate-rule.ts";

/** The NaN that ends a series in Prometheus. */
const staleNan = Buffer.from("020000000000f07f", "hex");

/**
 * A remote-write request of Prometheus (protobuf, uncompressed):
 *   WriteRequest { repeated TimeSeries 1 }  TimeSeries { repeated Label 1; repeated Sample 2 }
 *   Label { string name 1; string value 2 }  Sample { double value 1; int64 milliseconds 2 }
 */
export function encodeWriteRequest(samples: readonly RecordedSample[]): Buffer {
  return Buffer.concat(samples.map((sample) => field(1, encodeSeries(sample))));
}

function encodeSeries({ labels, value, timeMs, stale }: RecordedSample): Buffer {
  const number = Buffer.alloc(8);
  number.writeDoubleLE(value);
  const sample = Buffer.concat([Buffer.of(0x09), stale ? staleNan : number, Buffer.of(0x10), varint(timeMs)]);
  return Buffer.concat([encodeLabels(labels), field(2, sample)]);
}

const encodeLabels = (labels: Labels): Buffer =>
  Buffer.concat(
    labels.map(([name, value]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]))),
  );

const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(number * 8 + 2), varint(bytes.length), bytes]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
