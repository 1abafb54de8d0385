import type { IncomingHttpHeaders } from "node:http";
import { duration, bytes } from "@ratatosk/config";
import { z } from "zod";
import type { QueryLimits } from "./query-limits.ts";

const RequestLimits = z.object({
  maxQueryLength: duration.optional(),
  maxQueryRange: duration.optional(),
  maxQueryInterval: duration.optional(),
  maxQueryLookback: duration.optional(),
  maxEntriesLimitPerQuery: z.number().optional(),
  maxQueryTime: duration.optional(),
  requiredLabels: z.array(z.string()).optional(),
  minimumLabelsNumber: z.number().optional(),
  maxQueryBytesRead: bytes.optional(),
});

/** The limits as `X-Loki-Query-Limits` tightens them; a header that cannot be read changes nothing. */
export function withRequestLimits(limits: QueryLimits, headers: IncomingHttpHeaders): QueryLimits {
  const asked = read(headers["x-loki-query-limits"]);
  if (asked === undefined) return limits;
  return {
    ...limits,
    max_query_length: tighter(limits.max_query_length, asked.maxQueryLength),
    max_query_range: tighter(limits.max_query_range, asked.maxQueryInterval ?? asked.maxQueryRange),
    max_query_lookback: tighter(limits.max_query_lookback, asked.maxQueryLookback),
    max_entries_limit_per_query: tighter(limits.max_entries_limit_per_query, asked.maxEntriesLimitPerQuery),
    query_timeout: tighter(limits.query_timeout, asked.maxQueryTime),
    max_query_bytes_read: tighter(limits.max_query_bytes_read, asked.maxQueryBytesRead),
    minimum_labels_number: Math.max(limits.minimum_labels_number, asked.minimumLabelsNumber ?? 0),
    required_labels: [...new Set([...limits.required_labels, ...(asked.requiredLabels ?? [])])],
  };
}

function read(header: string | string[] | undefined): z.infer<typeof RequestLimits> | undefined {
  if (typeof header !== "string" || header === "") return undefined;
  try {
    return RequestLimits.safeParse(JSON.parse(header)).data;
  } catch {
    return undefined;
  }
}

/** The smaller of two limits, of which 0 is none. */
function tighter(own: number, asked = 0): number {
  if (asked <= 0) return own;
  return own <= 0 ? asked : Math.min(own, asked);
}
