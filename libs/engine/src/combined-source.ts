import {
  type ChunkSource,
  compareText,
  formatLabels,
  type Labels,
  type Selection,
  type SourceResult,
} from "@ratatosk/model";

/**
 * Recent data and stored data as one source. What is recent is asked first: the index objects that ingesters have
 * shipped meanwhile are then named to the others, so that nothing falls between.
 */
export class CombinedSource implements ChunkSource {
  readonly #recent: ChunkSource;
  readonly #others: readonly ChunkSource[];

  constructor(recent: ChunkSource, others: readonly ChunkSource[]) {
    this.#recent = recent;
    this.#others = others;
  }

  async select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    const recent = await this.#recent.select(selection, signal);
    const after = recent.shipped ? { ...selection, shipped: recent.shipped } : selection;
    const others = await Promise.all(this.#others.map((source) => source.select(after, signal)));
    const all = [recent, ...others];
    return {
      chunks: all.flatMap(({ chunks }) => chunks),
      warnings: all.flatMap(({ warnings }) => warnings),
      ingesters: recent.ingesters ?? 0,
    };
  }

  async labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    return sortedOnce(await this.#all((source) => source.labelNames(selection, signal)));
  }

  async labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    return sortedOnce(await this.#all((source) => source.labelValues(name, selection, signal)));
  }

  async series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    const lists = await this.#all((source) => source.series(selection, signal));
    return [...new Map(lists.flat().map((labels) => [formatLabels(labels), labels])).values()];
  }

  #all<T>(ask: (source: ChunkSource) => Promise<T>): Promise<T[]> {
    return Promise.all([this.#recent, ...this.#others].map(ask));
  }
}

const sortedOnce = (lists: readonly string[][]): string[] => [...new Set(lists.flat())].sort(compareText);
