import {
  type Chunk,
  type ChunkSource,
  compareText,
  formatLabels,
  type Labels,
  labelsFrom,
  labelValue,
  type Matcher,
  type Selection,
  type SourceResult,
} from "@ratatosk/model";
import { matcherTest } from "@ratatosk/pipeline";

export const tenantLabel = "__tenant_id__";

/** Several tenants as one source: every stream gets the label `__tenant_id__`, matchers on which choose tenants. */
export class TenantsSource implements ChunkSource {
  readonly #source: ChunkSource;
  readonly #tenants: readonly string[];

  constructor(source: ChunkSource, tenants: readonly string[]) {
    this.#source = source;
    this.#tenants = tenants;
  }

  async select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    const results = await this.#each(selection, async (own) => {
      const { chunks, ...others } = await this.#source.select(own, signal);
      return { ...others, chunks: chunks.map((chunk) => labelled(chunk, own.tenant)) };
    });
    return {
      chunks: results.flatMap(({ chunks }) => chunks),
      warnings: results.flatMap(({ warnings }) => warnings),
      ingesters: Math.max(0, ...results.map(({ ingesters = 0 }) => ingesters)),
    };
  }

  async labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    const lists = await this.#each(selection, (own) => this.#source.labelNames(own, signal));
    return sortedOnce([tenantLabel, ...lists.flat()]);
  }

  async labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    if (name === tenantLabel) return this.#chosen(selection.matchers).toSorted(compareText);
    const lists = await this.#each(selection, (own) => this.#source.labelValues(name, own, signal));
    return sortedOnce(lists.flat());
  }

  async series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    const lists = await this.#each(selection, async (own) =>
      (await this.#source.series(own, signal)).map((labels) => withTenant(labels, own.tenant)),
    );
    return lists.flat();
  }

  #chosen(matchers: readonly Matcher[]): string[] {
    const tests = matchers.filter(({ name }) => name === tenantLabel).map(matcherTest);
    return this.#tenants.filter((tenant) => tests.every((test) => test(tenant)));
  }

  #each<T>(selection: Selection, ask: (own: Selection) => Promise<T>): Promise<T[]> {
    const matchers = selection.matchers.filter(({ name }) => name !== tenantLabel);
    return Promise.all(this.#chosen(selection.matchers).map((tenant) => ask({ ...selection, tenant, matchers })));
  }
}

const sortedOnce = (names: readonly string[]): string[] => [...new Set(names)].sort(compareText);

function labelled(chunk: Chunk, tenant: string): Chunk {
  const labels = withTenant(chunk.labels, tenant);
  return { ...chunk, labels, stream: formatLabels(labels), blocks: (signal, skip) => chunk.blocks(signal, skip) };
}

function withTenant(labels: Labels, tenant: string): Labels {
  const own = labelValue(labels, tenantLabel);
  return labelsFrom([
    ...labels,
    ...(own === undefined ? [] : [[`original_${tenantLabel}`, own] as const]),
    [tenantLabel, tenant],
  ]);
}
