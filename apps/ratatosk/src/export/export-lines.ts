import { ConfigError } from "@ratatosk/config";
import { ask, type ClientOptions } from "../client/api.ts";
import { type ApiStream, type Entry, inOrder } from "../client/entry.ts";
import { Seen } from "../client/seen.ts";
import type { CursorState } from "./cursor.ts";

export interface ExportSource {
  readonly options: ClientOptions & { readonly batch: string };
  readonly signal: AbortSignal;
}

/** A query reaches over no more than this, so that limits of servers let it pass. */
const windowNanos = 86_400_000_000_000n;

/**
 * Asks for the lines of the range, oldest first, a batch a time, and moves the cursor before `take` gets them. Ends early when
 * the signal says so. Throws what the server answers where one moment has more lines than it gives at once.
 */
export async function exportLines(
  state: CursorState,
  { options, signal }: ExportSource,
  take: (entries: readonly Entry[]) => Promise<void>,
): Promise<void> {
  const usual = Number(options.batch);
  if (!Number.isInteger(usual) || usual < 1)
    throw new ConfigError(`--batch: expected a number of lines, got "${options.batch}"`);
  const seen = new Seen(state.at, state.seen);
  let limit = usual;
  while (state.at < state.end && !signal.aborted) {
    const windowEnd = state.at + windowNanos < state.end ? state.at + windowNanos : state.end;
    const entries = await batch(state, windowEnd, limit, options);
    seen.resume();
    const fresh = entries.filter((entry) => seen.add(entry));
    const isFull = entries.length >= limit;
    // A moment has so many lines that its batch brought nothing new: only a greater one can get past it.
    limit = isFull && fresh.length === 0 ? limit * 2 : usual;
    state.at = isFull ? seen.last! : windowEnd;
    state.seen = isFull ? seen.keys : [];
    await take(fresh);
  }
}

async function batch({ query, at }: CursorState, end: bigint, limit: number, options: ClientOptions): Promise<Entry[]> {
  const parameters = { query, start: String(at), end: String(end), limit: String(limit), direction: "forward" };
  const { resultType, result } = (await ask(options, "/loki/api/v1/query_range", parameters)) as {
    resultType: string;
    result: ApiStream[];
  };
  if (resultType !== "streams") throw new Error("only lines can be exported, not what a metric query counts");
  return inOrder(result, true);
}
