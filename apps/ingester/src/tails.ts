import { type Batch, encodeBatch } from "@ratatosk/chunk";
import { labelsTest } from "@ratatosk/label-index";
import { parseLabels, type Selection } from "@ratatosk/model";

type Tailed = Omit<Selection, "start" | "end">;

/** A slow reader loses batches beyond this. */
const mostQueuedBytes = 8 * 2 ** 20;

/** Passes what is stored on to those who watch. */
export class Tails {
  readonly #tails = new Set<Tail>();

  get count(): number {
    return this.#tails.size;
  }

  publish(batch: Batch): void {
    for (const tail of this.#tails) tail.offer(batch);
  }

  /** Batches of the selected streams from now on, until the signal aborts. */
  follow(selection: Tailed, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const tail = new Tail(selection);
    this.#tails.add(tail);
    return tail.read(signal, () => this.#tails.delete(tail));
  }
}

class Tail {
  readonly #tenant: string;
  readonly #test: ReturnType<typeof labelsTest>;
  readonly #selected = new Map<string, boolean>();
  #queue: Uint8Array[] = [];
  #bytes = 0;
  #wake: () => void = () => undefined;

  constructor({ tenant, matchers }: Tailed) {
    this.#tenant = tenant;
    this.#test = labelsTest(matchers);
  }

  offer({ tenant, streams }: Batch): void {
    if (tenant !== this.#tenant) return;
    const selected = streams.filter(({ labels }) => this.#selects(labels));
    if (selected.length === 0) return;
    const bytes = encodeBatch({ tenant, streams: selected });
    if (this.#bytes + bytes.length > mostQueuedBytes) return;
    this.#queue.push(bytes);
    this.#bytes += bytes.length;
    this.#wake();
  }

  async *read(signal: AbortSignal, done: () => void): AsyncGenerator<Uint8Array> {
    const wake = (): void => this.#wake();
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        yield* this.#take();
        if (this.#queue.length === 0 && !signal.aborted) await this.#news();
      }
    } finally {
      signal.removeEventListener("abort", wake);
      done();
    }
  }

  #take(): Uint8Array[] {
    const taken = this.#queue;
    this.#queue = [];
    this.#bytes = 0;
    return taken;
  }

  async #news(): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #selects(stream: string): boolean {
    let selected = this.#selected.get(stream);
    if (selected === undefined) this.#selected.set(stream, (selected = this.#test(parseLabels(stream))));
    return selected;
  }
}
