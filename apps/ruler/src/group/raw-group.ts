import { parseRangeDuration } from "@ratatosk/logql";
import { z } from "zod";

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.record(z.string(), text).nullish();
const period = z.union([z.string(), z.number()]).transform((value, context) => {
  const ms = value === "" || value === 0 ? 0 : durationMs(String(value));
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: `not a valid duration string: "${value}"` });
  return z.NEVER;
});

const RawRule = z.looseObject({
  alert: text.nullish(),
  record: text.nullish(),
  expr: text.nullish(),
  for: period.nullish(),
  keep_firing_for: period.nullish(),
  labels: texts,
  annotations: texts,
});
/** A rule as it is written. */
export type RawRule = z.infer<typeof RawRule>;

/** A group as it is written, not yet checked. */
export const RawGroup = z.looseObject({
  name: text.nullish(),
  interval: period.nullish(),
  limit: z.number().nullish(),
  rules: z.array(RawRule).nullish(),
});

function durationMs(value: string): number | undefined {
  try {
    return parseRangeDuration(value) / 1e6;
  } catch {
    return undefined;
  }
}
