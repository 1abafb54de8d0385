import { formatLabels, timeOf } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import {
  dayAt,
  indexContent,
  type SegmentBlock,
  type SegmentChunk,
  sealBlock,
  writeIndex,
  type WrittenSegment,
  writeSegment,
} from "@ratatosk/store";
import type { MergedBlock } from "./merged-blocks.ts";

interface OpenDay {
  readonly chunks: { labels: SegmentChunk["labels"]; stream: string; blocks: SegmentBlock[] }[];
  readonly written: WrittenSegment[];
  bytes: number;
}

/** Stored bytes of all days that wait to be written; the largest is written when there are more. */
const waitingBytes = 64 * 2 ** 20;

/** Takes blocks of a tenant and writes them as segments by day, an index file a day at the end. */
export class DaySegments {
  readonly #objects: ObjectStore;
  readonly #tenant: string;
  readonly #id: string;
  readonly #days = new Map<string, OpenDay>();
  /** Bytes of the objects written. */
  bytes = 0;

  /** Objects are named after `id`, so that a repeated import overwrites what an interrupted one left. */
  constructor(objects: ObjectStore, tenant: string, id: string) {
    this.#objects = objects;
    this.#tenant = tenant;
    this.#id = id;
  }

  async add({ labels, block }: MergedBlock): Promise<void> {
    const sealed = await sealBlock(block);
    const day = this.#day(dayAt(timeOf(block, 0)));
    const stream = formatLabels(labels);
    const last = day.chunks.at(-1);
    if (last?.stream === stream) last.blocks.push(sealed);
    else day.chunks.push({ labels, stream, blocks: [sealed] });
    day.bytes += storedBytes(sealed);
    if (this.#waiting() > waitingBytes) await this.#write(this.#largest());
  }

  /** Writes what waits, then the index files: from then on the lines are found. */
  async finish(): Promise<void> {
    for (const [day, { written }] of this.#days) {
      await this.#write(day);
      const name = { tenant: this.#tenant, day, id: this.#id };
      await writeIndex(this.#objects, name, indexContent(written));
    }
  }

  #day(day: string): OpenDay {
    let open = this.#days.get(day);
    if (open === undefined) this.#days.set(day, (open = { chunks: [], written: [], bytes: 0 }));
    return open;
  }

  #waiting(): number {
    return this.#days.values().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #largest(): string {
    return [...this.#days].reduce((a, b) => (b[1].bytes > a[1].bytes ? b : a))[0];
  }

  async #write(day: string): Promise<void> {
    const open = this.#days.get(day)!;
    if (open.chunks.length === 0) return;
    const id = `${this.#id}-${open.written.length}`;
    const segment = await writeSegment(this.#objects, { tenant: this.#tenant, day, id }, open.chunks);
    open.written.push(segment);
    this.bytes += segment.segment.bytes;
    open.chunks.length = 0;
    open.bytes = 0;
  }
}

const storedBytes = ({ columns, skip }: SegmentBlock): number =>
  columns.columns.reduce((sum, { bytes }) => sum + bytes.length, skip?.length ?? 0);
