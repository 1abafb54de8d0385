import { tokenize, type Tokens, tokensOfPattern, wildcard } from "./tokens.ts";

/** Lines that look alike: their common text, and how many there were in each bucket of time. */
export interface Pattern {
  /** The text with `<_>` for what varies; as a line filter (`|>`) it matches the lines. */
  readonly text: string;
  /** The text with every wildcard, also where several follow each other: what `addPattern` takes. */
  readonly template: string;
  readonly total: number;
  /** Counts by bucket number. */
  readonly counts: ReadonlyMap<number, number>;
}

export interface PatternMinerOptions {
  /** Share of the words that two lines must have in common, in the same places. */
  readonly similarity?: number;
  /** Most patterns held; the one not seen for longest makes room. */
  readonly mostPatterns?: number;
}

/** Patterns of as many tokens and the same first words. */
interface Group {
  readonly key: string;
  readonly clusters: Set<Cluster>;
}

interface Cluster {
  readonly tokens: Tokens;
  readonly counts: Map<number, number>;
  readonly home: Group;
  total: number;
}

/** Words that choose where a line is compared; later ones may vary. */
const guidingWords = 3;

/**
 * Finds what lines have in common, after Drain (He et al., 2017): lines are grouped by their number of tokens and their
 * first words; within a group a line joins the pattern that it shares most words with, and where the two differ the
 * pattern gets a wildcard.
 */
export class PatternMiner {
  readonly #similarity: number;
  readonly #mostPatterns: number;
  readonly #groups = new Map<string, Group>();
  /** All clusters, the one seen longest ago first. */
  readonly #recent = new Set<Cluster>();

  constructor({ similarity = 0.5, mostPatterns = 300 }: PatternMinerOptions = {}) {
    this.#similarity = similarity;
    this.#mostPatterns = mostPatterns;
  }

  /** Counts a line in a bucket; it may stand for several (`weight`) where only a sample of the lines is given. */
  add(line: string, bucket: number, weight = 1): void {
    this.#add(tokenize(line), bucket, weight);
  }

  /** Counts lines of a pattern that another miner has found, by its `template`. */
  addPattern(template: string, bucket: number, weight: number): void {
    this.#add(tokensOfPattern(template), bucket, weight);
  }

  #add(tokens: Tokens, bucket: number, weight: number): void {
    if (tokens.texts.length === 0) return;
    const home = this.#group(tokens);
    const cluster = this.#closest(home, tokens) ?? this.#found(home, tokens);
    generalise(cluster.tokens, tokens);
    cluster.total += weight;
    cluster.counts.set(bucket, (cluster.counts.get(bucket) ?? 0) + weight);
    this.#recent.delete(cluster);
    this.#recent.add(cluster);
  }

  /** The patterns so far, those of one text as one, the most frequent first. */
  patterns(): Pattern[] {
    const byText = new Map<string, { text: string; template: string; total: number; counts: Map<number, number> }>();
    for (const { tokens, total, counts } of this.#recent) {
      const template = tokens.texts.join("");
      const text = textOf(template);
      const known = byText.get(text) ?? { text, template, total: 0, counts: new Map<number, number>() };
      known.total += total;
      for (const [bucket, count] of counts) known.counts.set(bucket, (known.counts.get(bucket) ?? 0) + count);
      byText.set(text, known);
    }
    return [...byText.values()].sort((a, b) => b.total - a.total || (a.text < b.text ? -1 : 1));
  }

  #group({ texts, words }: Tokens): Group {
    let key = `${texts.length}`;
    for (let at = 0, guides = 0; at < texts.length && guides < guidingWords; at++) {
      if (!words[at]) continue;
      key += ` ${/\d/.test(texts[at]!) ? wildcard : texts[at]!}`;
      guides++;
    }
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = { key, clusters: new Set() }));
    return group;
  }

  #closest({ clusters }: Group, tokens: Tokens): Cluster | undefined {
    let best: Cluster | undefined;
    let most = this.#similarity;
    for (const cluster of clusters) {
      const shared = sharedWords(cluster.tokens, tokens);
      if (shared >= most) [best, most] = [cluster, shared];
    }
    return best;
  }

  #found(home: Group, tokens: Tokens): Cluster {
    if (this.#recent.size >= this.#mostPatterns) this.#forgetOldest();
    const cluster: Cluster = { tokens, counts: new Map(), home, total: 0 };
    home.clusters.add(cluster);
    return cluster;
  }

  #forgetOldest(): void {
    const [oldest] = this.#recent;
    if (oldest === undefined) return;
    this.#recent.delete(oldest);
    const { key, clusters } = oldest.home;
    clusters.delete(oldest);
    if (clusters.size === 0) this.#groups.delete(key);
  }
}

/** The share of words that agree; wildcards agree with nothing and weigh nothing, as do separators that agree. */
function sharedWords(pattern: Tokens, tokens: Tokens): number {
  let [words, shared] = [0, 0];
  for (let at = 0; at < tokens.texts.length; at++) {
    const [ours, theirs] = [pattern.texts[at]!, tokens.texts[at]!];
    if (!pattern.words[at] && !tokens.words[at]) {
      if (ours !== theirs && ours !== wildcard && theirs !== wildcard) return 0;
      continue;
    }
    words++;
    if (ours === theirs) shared++;
  }
  return words === 0 ? 1 : shared / words;
}

function generalise(pattern: Tokens, tokens: Tokens): void {
  for (let at = 0; at < pattern.texts.length; at++) {
    if (pattern.texts[at] === tokens.texts[at]) continue;
    pattern.texts[at] = wildcard;
    pattern.words[at] = false;
  }
}

/** Wildcards next to each other are one. */
const textOf = (template: string): string => template.replace(/<_>(?:<_>)+/g, wildcard);
