import type { Unwrap } from "@ratatosk/logql";
import type { Row } from "../row.ts";
import { parseGoBytes } from "../values/go-bytes.ts";
import { parseGoDuration } from "../values/go-duration.ts";
import { parseGoFloat } from "../values/go-float.ts";
import { type NumberReader, simpleFloatBytes, simpleSecondsBytes } from "../values/number-bytes.ts";
import { labelFilterStage } from "./label-filter.ts";

const sampleError = "SampleExtractionErr";

/** The sample of a row, or undefined where it has none. */
export type Sampler = (row: Row) => number | undefined;

/** `| unwrap duration(took) | took < 5s`: the label's value as a number; what cannot be converted is 0 and an error. */
export function unwrapSampler({ label, conversion, filters }: Unwrap): Sampler {
  const convert = conversionOf(conversion);
  const stages = filters.map(labelFilterStage);
  return (row) => {
    if (row.sample !== undefined) return row.sample;
    const text = row.get(label);
    if (text === undefined || text === "") return undefined;
    const value = convert(text);
    if (typeof value === "string") row.fail(sampleError, value);
    for (const stage of stages) if (!stage(row)) return undefined;
    return typeof value === "string" ? 0 : value;
  };
}

/** Reads most samples without a text; undefined where none is read so. */
export function sampleReader({ conversion, filters }: Unwrap): NumberReader | undefined {
  if (filters.length > 0) return undefined;
  if (conversion === undefined) return simpleFloatBytes;
  return conversion === "bytes" ? undefined : simpleSecondsBytes;
}

function conversionOf(conversion: Unwrap["conversion"]): (text: string) => number | string {
  switch (conversion) {
    case undefined:
      return parseGoFloat;
    case "bytes":
      return parseGoBytes;
    case "duration":
    case "duration_seconds":
      return (text) => {
        const nanoseconds = parseGoDuration(text);
        return typeof nanoseconds === "string" ? nanoseconds : nanoseconds / 1e9;
      };
  }
}
