import { batch, signal } from "@preact/signals";
import type { Api } from "../api/api.ts";
import type { QueryResult, SeriesResult, Stats } from "../api/answers.ts";
import { seriesOf } from "../api/answers.ts";
import { ApiError } from "../api/api-error.ts";
import type { Entry } from "../lines/entry.ts";
import { levelOf } from "../lines/level.ts";
import { loadOlder, pageLines } from "../lines/load-lines.ts";
import { selectorOf, volumeQuery } from "../logql/derived.ts";
import { partsOf } from "../logql/parts.ts";
import { type Range, stepSeconds } from "../time/range.ts";

export interface Question {
  readonly query: string;
  readonly range: Range;
  readonly limit: number;
  readonly instant: boolean;
  /** The moment of a line that is looked for: lines are loaded until it is there. */
  readonly at?: bigint | undefined;
}

/** Lines that are loaded at most to find one. */
const mostSought = 100_000;

/** Lines or bytes over time, one series a level, for the histogram. */
export interface Volume {
  readonly step: number;
  readonly unit: "lines" | "bytes";
  readonly series: readonly SeriesResult[];
}

/** A question and what came of it so far. One is under way at a time; a new one cancels it. */
export class Search {
  readonly isLoading = signal(false);
  readonly error = signal<ApiError | undefined>(undefined);
  readonly question = signal<Question | undefined>(undefined);
  /** The lines, newest first. The array grows in place; `version` tells that it did. */
  readonly entries = signal<Entry[]>([]);
  readonly version = signal(0);
  readonly isEnd = signal(false);
  readonly volume = signal<Volume | undefined>(undefined);
  readonly metric = signal<QueryResult | undefined>(undefined);
  readonly stats = signal<Stats | undefined>(undefined);
  /** It was called off before it was answered. */
  readonly isCancelled = signal(false);
  #aborter = new AbortController();

  cancel(): void {
    this.#aborter.abort();
    this.isCancelled.value = this.isLoading.value;
    this.isLoading.value = false;
  }

  async ask(api: Api, question: Question): Promise<void> {
    this.#aborter.abort();
    this.#aborter = new AbortController();
    const { signal } = this.#aborter;
    const isMetric = partsOf(question.query).kind === "metric";
    batch(() => {
      this.question.value = question;
      this.error.value = undefined;
      this.isLoading.value = true;
      this.isCancelled.value = false;
      this.stats.value = undefined;
      this.metric.value = undefined;
      this.isEnd.value = false;
      this.entries.value = [];
      this.volume.value = undefined;
    });
    await this.#guarded(signal, async () => {
      if (isMetric) return this.#count(api, question, signal);
      void this.#volume(api, question, signal);
      await this.#fill(api, question.limit, signal);
    });
  }

  /** The next older lines. */
  async more(api: Api): Promise<void> {
    if (this.isLoading.value || this.isEnd.value || this.metric.value !== undefined) return;
    const { signal } = this.#aborter;
    this.isLoading.value = true;
    await this.#guarded(signal, () => this.#fill(api, this.entries.value.length + 1000, signal));
  }

  async #guarded(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = ApiError.from(thrown);
      if (!signal.aborted && !error.isCancelled) this.error.value = error;
    }
    if (!signal.aborted) this.isLoading.value = false;
  }

  async #fill(api: Api, target: number, signal: AbortSignal): Promise<void> {
    const { query, range, at } = this.question.value!;
    const entries = this.entries.value;
    const isSought = (): boolean =>
      at !== undefined && entries.length < mostSought && (entries.length === 0 || BigInt(entries.at(-1)!.nanos) > at);
    while (entries.length < target || isSought()) {
      const want = entries.length < target ? target - entries.length : pageLines;
      const page = await loadOlder(api, query, range, entries, want, signal);
      signal.throwIfAborted();
      batch(() => {
        this.stats.value = page.stats ?? this.stats.value;
        this.isEnd.value = page.isEnd;
        this.version.value++;
      });
      if (page.isEnd) return;
    }
  }

  /** The index answers first, with bytes; the count by level takes its place when it comes. */
  async #volume(api: Api, { query, range }: Question, signal: AbortSignal): Promise<void> {
    const step = stepSeconds(range, 90);
    const counting = volumeQuery(query, step);
    const selector = selectorOf(query);
    if (counting === undefined || selector === undefined) return;
    const show = (unit: Volume["unit"], result: QueryResult): void => {
      if (!signal.aborted) this.volume.value = { step, unit, series: byLevel(seriesOf(result)) };
    };
    const fromIndex = api.volume(selector, range, { step, limit: 1000 }, signal);
    const counted = api.queryRange(counting, range, { step }, signal).then((result) => show("lines", result));
    await Promise.allSettled([
      counted,
      fromIndex.then(
        (result) => this.volume.value === undefined && result.resultType === "matrix" && show("bytes", result),
      ),
    ]);
  }

  async #count(api: Api, { query, range, instant }: Question, signal: AbortSignal): Promise<void> {
    const step = stepSeconds(range, 200);
    const result = await (instant
      ? api.query(query, range.end, signal)
      : api.queryRange(query, range, { step }, signal));
    signal.throwIfAborted();
    batch(() => {
      this.metric.value = result;
      this.stats.value = result.stats;
    });
  }
}

/** Series of equal level as one, whatever words they use. */
function byLevel(series: readonly SeriesResult[]): SeriesResult[] {
  const sums = new Map<string, Map<number, number>>();
  for (const { metric, values } of series) {
    const level = levelOf(metric["detected_level"]);
    const sum = sums.get(level) ?? new Map<number, number>();
    sums.set(level, sum);
    for (const [seconds, value] of values) sum.set(seconds, (sum.get(seconds) ?? 0) + Number(value));
  }
  return [...sums].map(([level, sum]) => ({
    metric: { level },
    values: [...sum].sort(([a], [b]) => a - b).map(([seconds, value]) => [seconds, String(value)] as const),
  }));
}
