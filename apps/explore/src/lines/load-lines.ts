import type { Api } from "../api/api.ts";
import type { Stats } from "../api/answers.ts";
import type { Range } from "../time/range.ts";
import { appendOlder, type Entry, entriesOf } from "./entry.ts";

export interface Page {
  readonly added: number;
  readonly stats: Stats | undefined;
  /** Nothing older is left in the range. */
  readonly isEnd: boolean;
}

/** Lines of one request; servers refuse more than 5000 by default. */
export const pageLines = 5000;

/** Adds the next older lines of a range to `entries`, going back through the cursor of time. */
export async function loadOlder(
  api: Api,
  query: string,
  { start, end }: Range,
  entries: Entry[],
  want: number,
  signal: AbortSignal,
): Promise<Page> {
  const oldest = entries.at(-1);
  const until = oldest === undefined ? end : BigInt(oldest.nanos) + 1n;
  const limit = Math.min(want, pageLines);
  const answer = await api.queryRange(query, { start, end: until }, { limit, direction: "backward" }, signal);
  const older = answer.resultType === "streams" ? entriesOf(answer.result) : [];
  const added = appendOlder(entries, older);
  const isStuck = older.length >= limit && added === 0;
  if (isStuck) return skipMoment(api, query, { start, end: until - 1n }, entries, limit, signal);
  return { added, stats: answer.stats, isEnd: older.length < limit };
}

/** More lines at one moment than one request can bring: go on before it. */
async function skipMoment(
  api: Api,
  query: string,
  range: Range,
  entries: Entry[],
  limit: number,
  signal: AbortSignal,
): Promise<Page> {
  if (range.end <= range.start) return { added: 0, stats: undefined, isEnd: true };
  const answer = await api.queryRange(query, range, { limit, direction: "backward" }, signal);
  const older = answer.resultType === "streams" ? entriesOf(answer.result) : [];
  entries.push(...older);
  return { added: older.length, stats: answer.stats, isEnd: older.length < limit };
}
