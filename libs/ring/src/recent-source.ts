import {
  type ChunkSource,
  compareText,
  formatLabels,
  type Labels,
  RatatoskError,
  type Selection,
  type SourceResult,
} from "@ratatosk/model";
import type { Ingesters } from "./ingesters.ts";

/**
 * What lies in the memory of all ingesters, as one source. A push is acknowledged once a majority of its replicas has
 * it, so as many ingesters may be silent as leaves one of that majority; with more, reads are refused: unavailable.
 */
export class RecentSource implements ChunkSource {
  readonly #ingesters: Ingesters;

  constructor(ingesters: Ingesters) {
    this.#ingesters = ingesters;
  }

  async select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    const answers = await this.#ask((source) => source.select(selection, signal));
    return {
      chunks: answers.flatMap(({ chunks }) => chunks),
      warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
      shipped: [...new Set(answers.flatMap(({ shipped = [] }) => shipped))],
    };
  }

  async labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    return union(await this.#ask((source) => source.labelNames(selection, signal)));
  }

  async labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    return union(await this.#ask((source) => source.labelValues(name, selection, signal)));
  }

  async series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    const answers = await this.#ask((source) => source.series(selection, signal));
    return [...new Map(answers.flat().map((labels) => [formatLabels(labels), labels])).values()];
  }

  async #ask<T>(question: (source: ChunkSource) => Promise<T>): Promise<T[]> {
    const members = this.#ingesters.members();
    const missing = this.#ingesters.missing();
    const answers = await Promise.allSettled(members.map(({ api }) => question(api.source)));
    const failures = answers.filter((answer) => answer.status === "rejected").map(({ reason }) => reason as unknown);
    const bearable = Math.floor(this.#ingesters.replicationFactor / 2);
    if (members.length === 0) throw new RatatoskError("unavailable", "no ingester serves");
    if (failures.length + missing.length > bearable) throw refusal(failures, missing);
    return answers.filter((answer) => answer.status === "fulfilled").map(({ value }) => value);
  }
}

function refusal(failures: readonly unknown[], missing: readonly string[]): RatatoskError {
  const [failure] = failures;
  return failure === undefined
    ? new RatatoskError("unavailable", `too many ingesters do not serve: ${missing.join(", ")}`)
    : RatatoskError.from(failure);
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].sort(compareText);
}
