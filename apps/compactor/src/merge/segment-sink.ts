import type { Labels } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import {
  type ObjectName,
  type SegmentBlock,
  type SegmentChunk,
  type WrittenSegment,
  writeSegment,
} from "@ratatosk/store";

export interface SinkOptions {
  readonly objects: ObjectStore;
  /** Segments are called after it, numbered. */
  readonly name: ObjectName;
  readonly segmentBytes: number;
}

/** Takes blocks stream by stream and writes them as segments of bounded size. */
export class SegmentSink {
  readonly #options: SinkOptions;
  readonly #written: WrittenSegment[] = [];
  #chunks: { labels: Labels; stream: string; blocks: SegmentBlock[] }[] = [];
  #bytes = 0;

  constructor(options: SinkOptions) {
    this.#options = options;
  }

  /** Blocks of one stream come one after another. */
  async add(labels: Labels, stream: string, block: SegmentBlock): Promise<void> {
    const last = this.#chunks.at(-1);
    if (last?.stream === stream) last.blocks.push(block);
    else this.#chunks.push({ labels, stream, blocks: [block] });
    this.#bytes += bytesOf(block);
    if (this.#bytes >= this.#options.segmentBytes) await this.#write();
  }

  /** Writes the rest; everything that was written. */
  async finish(): Promise<readonly WrittenSegment[]> {
    if (this.#chunks.length > 0) await this.#write();
    return this.#written;
  }

  async #write(): Promise<void> {
    const { objects, name } = this.#options;
    const chunks = this.#chunks.map((chunk): SegmentChunk => ({ ...chunk, blocks: chunk.blocks.toSorted(byTime) }));
    this.#chunks = [];
    this.#bytes = 0;
    const id = `${name.id}-${this.#written.length}`;
    this.#written.push(await writeSegment(objects, { ...name, id }, chunks));
  }
}

const bytesOf = ({ columns, skip }: SegmentBlock): number =>
  columns.columns.reduce((sum, { bytes }) => sum + bytes.length, skip?.length ?? 0);

function byTime({ columns: { extent: a } }: SegmentBlock, { columns: { extent: b } }: SegmentBlock): number {
  return a.minTime < b.minTime ? -1 : a.minTime > b.minTime ? 1 : 0;
}
