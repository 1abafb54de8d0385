import type { ChunkGroup } from "./chunk-groups.ts";
import { OpenGroup, type OpenOptions } from "./open-group.ts";
import type { Piece } from "./pieces.ts";
import { PriorityQueue } from "./priority-queue.ts";

type Item = { readonly edge: bigint } & ({ readonly group: OpenGroup } | { readonly piece: Piece });

/**
 * Pieces of many streams, newest first (or oldest first); block headers are read only once their turn comes. Where skip
 * indexes are needed, the chunks of an object are opened in one go: their indexes are large and lie there together.
 */
export class OrderedPieces {
  readonly #queue: PriorityQueue<Item>;
  readonly #options: OpenOptions;
  /** Groups by the object in which the chunk lies that they open next. */
  readonly #byObject = new Map<string, Set<OpenGroup>>();

  constructor(groups: readonly ChunkGroup[], options: OpenOptions) {
    this.#options = options;
    this.#queue = new PriorityQueue(options.forward ? (a, b) => a.edge < b.edge : (a, b) => a.edge > b.edge);
    for (const group of groups) this.#push(new OpenGroup(group, options));
  }

  /** The time of the first entry that what is left may hold, in the direction of the query; undefined at the end. */
  get edge(): bigint | undefined {
    return this.#first()?.edge;
  }

  /** The next piece, or undefined at the end. */
  async next(signal: AbortSignal): Promise<Piece | undefined> {
    for (let item = this.#first(); item !== undefined; item = this.#first()) {
      if ("piece" in item) {
        this.#queue.pop();
        return item.piece;
      }
      for (const group of this.#openedWith(item.group)) await this.#open(group, signal);
    }
    return undefined;
  }

  /** The foremost item. Groups that were opened before their turn have left items behind. */
  #first(): Item | undefined {
    for (;;) {
      const item = this.#queue.peek();
      if (item === undefined || "piece" in item || item.group.edge === item.edge) return item;
      this.#queue.pop();
    }
  }

  #openedWith(group: OpenGroup): OpenGroup[] {
    const neighbours = group.object !== undefined && this.#byObject.get(group.object);
    return neighbours ? [...neighbours] : [group];
  }

  async #open(group: OpenGroup, signal: AbortSignal): Promise<void> {
    const { forward } = this.#options;
    if (group.object !== undefined) this.#byObject.get(group.object)?.delete(group);
    for (const piece of await group.open(signal))
      this.#queue.push({ edge: forward ? piece.minTime : piece.maxTime, piece });
    this.#push(group);
  }

  #push(group: OpenGroup): void {
    const { edge, object } = group;
    if (edge === undefined) return;
    this.#queue.push({ edge, group });
    if (object === undefined || !this.#options.skip.asks) return;
    const neighbours = this.#byObject.get(object);
    if (neighbours === undefined) this.#byObject.set(object, new Set([group]));
    else neighbours.add(group);
  }
}
