import { type ColumnsBlock, decodeBlock } from "@ratatosk/chunk";
import { CombinedSource } from "@ratatosk/engine";
import { allColumns, lineOf, RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { createLogger, Registry } from "@ratatosk/observability";
import { RecentSource } from "@ratatosk/ring";
import { createStore, StoreConfig } from "@ratatosk/store";
import { Host } from "./host.ts";
import { type Ring, ringOn } from "./ring.ts";

const { signal } = new AbortController();
const everything = { tenant: "fake", matchers: [], start: 0n, end: 2n ** 62n };

export interface Found {
  readonly lines: ReadonlySet<string>;
  /** Lines that lie in more than one place: replicas that have not been merged. */
  readonly repeated: number;
  /** What could not be read. An answer with warnings may lack lines. */
  readonly warnings: readonly string[];
}

/** A querier, as far as it finds chunks and reads them. */
export class Reader {
  readonly #host = new Host("querier");
  readonly #source: CombinedSource;

  constructor(ring: Ring, objects: ObjectStore) {
    const recent = new RecentSource(ringOn(this.#host, ring));
    const store = createStore({
      config: StoreConfig.parse({}),
      objects,
      log: createLogger("silent"),
      registry: new Registry(),
    });
    this.#source = new CombinedSource(recent, [store]);
  }

  /** All lines there are. Rejects where the answer is refused. */
  read(): Promise<Found> {
    return this.#host.run(() => this.#read());
  }

  async #read(): Promise<Found> {
    const { chunks, warnings } = await this.#source.select(everything, signal);
    const lines = new Set<string>();
    const unread: string[] = [...warnings];
    let repeated = 0;
    for (const chunk of chunks)
      try {
        for (const ref of await chunk.blocks(signal)) {
          const block = decodeBlock((await ref.fetch(allColumns, signal)) as ColumnsBlock, allColumns);
          for (let row = 0; row < block.count; row++) {
            const line = Buffer.from(lineOf(block, row)).toString();
            if (lines.has(line)) repeated++;
            lines.add(line);
          }
        }
      } catch (thrown) {
        const error = RatatoskError.from(thrown);
        if (error.code !== "corrupt" && error.code !== "not_found") throw error;
        unread.push(error.message);
      }
    return { lines, repeated, warnings: unread };
  }
}
