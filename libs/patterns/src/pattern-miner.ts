import { tokenize, wildcard } from "./tokens.ts";

/** Lines that look alike: their common text, and how many there were in each bucket of time. */
export interface Pattern {
  /** The text with `<_>` for what varies; as a line filter (`|>`) it matches the lines. */
  readonly text: string;
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

interface Cluster {
  readonly tokens: string[];
  readonly counts: Map<number, number>;
  readonly home: Set<Cluster>;
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
  readonly #groups = new Map<string, Set<Cluster>>();
  /** All clusters, the one seen longest ago first. */
  readonly #recent = new Set<Cluster>();

  constructor({ similarity = 0.5, mostPatterns = 300 }: PatternMinerOptions = {}) {
    this.#similarity = similarity;
    this.#mostPatterns = mostPatterns;
  }

  /** Counts a line in a bucket; it may stand for several (`weight`) where only a sample of the lines is given. */
  add(line: string, bucket: number, weight = 1): void {
    const tokens = tokenize(line);
    if (tokens.length === 0) return;
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
    const byText = new Map<string, { text: string; total: number; counts: Map<number, number> }>();
    for (const { tokens, total, counts } of this.#recent) {
      const text = textOf(tokens);
      const known = byText.get(text) ?? { text, total: 0, counts: new Map<number, number>() };
      known.total += total;
      for (const [bucket, count] of counts) known.counts.set(bucket, (known.counts.get(bucket) ?? 0) + count);
      byText.set(text, known);
    }
    return [...byText.values()].sort((a, b) => b.total - a.total || (a.text < b.text ? -1 : 1));
  }

  #group(tokens: readonly string[]): Set<Cluster> {
    const words = tokens.filter(isWord).slice(0, guidingWords);
    const key = `${tokens.length} ${words.map((word) => (/\d/.test(word) ? wildcard : word)).join(" ")}`;
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = new Set()));
    return group;
  }

  #closest(group: ReadonlySet<Cluster>, tokens: readonly string[]): Cluster | undefined {
    let best: Cluster | undefined;
    let most = this.#similarity;
    for (const cluster of group) {
      const shared = sharedWords(cluster.tokens, tokens);
      if (shared >= most) [best, most] = [cluster, shared];
    }
    return best;
  }

  #found(home: Set<Cluster>, tokens: readonly string[]): Cluster {
    if (this.#recent.size >= this.#mostPatterns) this.#forgetOldest();
    const cluster: Cluster = { tokens: [...tokens], counts: new Map(), home, total: 0 };
    home.add(cluster);
    return cluster;
  }

  #forgetOldest(): void {
    const [oldest] = this.#recent;
    if (oldest === undefined) return;
    this.#recent.delete(oldest);
    oldest.home.delete(oldest);
    for (const [key, group] of this.#groups) if (group.size === 0) this.#groups.delete(key);
  }
}

const isWord = (token: string): boolean => /[\p{L}\p{N}]/u.test(token);

/** The share of words that agree; wildcards agree with nothing and weigh nothing, as do separators that agree. */
function sharedWords(pattern: readonly string[], tokens: readonly string[]): number {
  let [words, shared] = [0, 0];
  for (let at = 0; at < tokens.length; at++) {
    const [ours, theirs] = [pattern[at]!, tokens[at]!];
    if (!isWord(ours) && !isWord(theirs)) {
      if (ours !== theirs && ours !== wildcard && theirs !== wildcard) return 0;
      continue;
    }
    words++;
    if (ours === theirs) shared++;
  }
  return words === 0 ? 1 : shared / words;
}

function generalise(pattern: string[], tokens: readonly string[]): void {
  for (let at = 0; at < pattern.length; at++) if (pattern[at] !== tokens[at]) pattern[at] = wildcard;
}

/** Wildcards next to each other are one. */
const textOf = (tokens: readonly string[]): string => tokens.join("").replace(/<_>(?:<_>)+/g, wildcard);
