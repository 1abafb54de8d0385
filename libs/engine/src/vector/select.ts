import type { VectorAggregation } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import type { Evaluation } from "../evaluation.ts";
import type { Series } from "../series.ts";
import { Groups } from "./groups.ts";

/** A series that is among the best at some step. */
interface Member {
  readonly labels: Labels;
  readonly number: number;
}

interface Candidate {
  readonly member: Member;
  readonly value: number;
}

type Order = (a: number, b: number) => number;
const larger: Order = (a, b) => nanLast(a, b) ?? b - a;
const smaller: Order = (a, b) => nanLast(a, b) ?? a - b;

/** Where one of two values is NaN, the other comes first. */
function nanLast(a: number, b: number): number | undefined {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return Number.isNaN(b) ? -1 : undefined;
}

/** Candidates beyond those wanted that a step may hold before the worst are let go. */
const slack = 32;
const candidateBytes = 64;
const bestBytes = 100;

/** topk, bottomk: at each step the k series of each group with the largest (smallest) values; NaN goes first. */
export class Selection {
  readonly #size: number;
  readonly #better: Order;
  readonly #evaluation: Evaluation;
  /** Of each group and step. */
  readonly #groups: Groups<Best[]>;
  #seen = 0;

  constructor({ op, param, grouping }: VectorAggregation, evaluation: Evaluation) {
    this.#size = param!;
    this.#better = op === "bottomk" ? smaller : larger;
    this.#evaluation = evaluation;
    this.#groups = new Groups(grouping, () => {
      evaluation.hold(evaluation.count * bestBytes);
      return Array.from({ length: evaluation.count }, () => new Best(this.#size, this.#better));
    });
  }

  take(series: Series): void {
    const { values, present } = series;
    const group = this.#groups.of(series);
    const number = this.#seen++;
    let member: Member | undefined;
    let held = 0;
    for (let k = 0; k < present.length; k++) {
      if (present[k] === 0 || !group[k]!.wants(values[k]!)) continue;
      member ??= { labels: series.labels, number };
      held += group[k]!.add(member, values[k]!);
    }
    this.#evaluation.hold(held * candidateBytes);
  }

  async finish(): Promise<Series[]> {
    const selected: Series[] = [];
    for (const group of this.#groups.all()) selected.push(...(await this.#selected(group)));
    return selected;
  }

  async #selected(group: readonly Best[]): Promise<Series[]> {
    const selected = new Map<Member, Series>();
    for (const [k, best] of group.entries()) {
      for (const { member, value } of best.finish()) {
        let own = selected.get(member);
        if (own === undefined) selected.set(member, (own = this.#evaluation.newSeries(member.labels)));
        own.present[k] = 1;
        own.values[k] = value;
      }
      await this.#evaluation.pause();
    }
    return [...selected].sort(([a], [b]) => a.number - b.number).map(([, series]) => series);
  }
}

/** The best so far of one step; of equal ones those that came first. */
class Best {
  readonly #size: number;
  readonly #better: Order;
  readonly #candidates: Candidate[] = [];
  /** What is not better is not among the best; undefined while there are too few. */
  #least: number | undefined;

  constructor(size: number, better: Order) {
    this.#size = size;
    this.#better = better;
  }

  /** Whether a value may be among the best. */
  wants(value: number): boolean {
    return this.#least === undefined || this.#better(value, this.#least) < 0;
  }

  /** Adds a value; by how many candidates more are held now. */
  add(member: Member, value: number): number {
    this.#candidates.push({ member, value });
    return this.#candidates.length < 2 * this.#size + slack ? 1 : 1 - this.#cut();
  }

  finish(): readonly Candidate[] {
    this.#cut();
    return this.#candidates;
  }

  /** Keeps the best; how many were let go. */
  #cut(): number {
    const before = this.#candidates.length;
    this.#candidates.sort((a, b) => this.#better(a.value, b.value));
    if (before > this.#size) this.#candidates.length = this.#size;
    if (before >= this.#size) this.#least = this.#candidates.at(-1)?.value;
    return before - this.#candidates.length;
  }
}
