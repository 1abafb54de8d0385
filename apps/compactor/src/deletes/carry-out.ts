import { type ColumnsBlock, decodeBlock } from "@ratatosk/chunk";
import { type DeleteRequest, type DeleteRequests, HiddenLines, type StreamHidden } from "@ratatosk/deletes";
import { type IndexedChunk, LabelIndex } from "@ratatosk/label-index";
import { allColumns, formatLabels, RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { Segment, type SegmentModules } from "@ratatosk/store";
import type { Catalog } from "../catalog/catalog.ts";
import type { DayFiles, IndexFile } from "../catalog/index-file.ts";
import type { Merger } from "../merge/merger.ts";
import { ReadAhead } from "../merge/read-ahead.ts";
import type { Fate } from "../merge/rewrite.ts";
import type { DeleteEvents } from "./delete-events.ts";

export interface CarryOutModules {
  readonly requests: DeleteRequests;
  readonly objects: ObjectStore;
  readonly catalog: Catalog;
  readonly merger: Merger;
  readonly events: DeleteEvents;
  readonly cancelPeriodMs: number;
  /** After so long no ingester holds a line that it had when a request came. */
  readonly flushedWithinMs: number;
  /** zstd's of what is written anew. */
  readonly levelOf: (files: DayFiles) => number;
  readonly now: () => number;
}

interface Removed {
  lines: number;
  bytes: number;
}

const aheadBytes = 16 * 2 ** 20;

/**
 * Removes the lines of a tenant's due requests from the store. A request younger than what ingesters may hold is carried
 * out twice: on what is stored, at once, and again when all that it concerns is stored.
 */
export async function carryOut(
  tenant: string,
  all: readonly DeleteRequest[],
  modules: CarryOutModules,
  signal: AbortSignal,
): Promise<void> {
  const due = all.filter((request) => isDue(request, modules));
  if (due.length === 0) return;
  const run = new CarryingOut(tenant, due, modules, signal);
  for (const files of await modules.catalog.days(tenant)) if (touchesDay(files.day, due)) await run.day(files);
  for (const request of due) await finish(tenant, request, run.removed(request), modules);
}

function isDue(
  { state, createdMs }: DeleteRequest,
  { cancelPeriodMs, flushedWithinMs, now }: CarryOutModules,
): boolean {
  if (state === "received") return createdMs + cancelPeriodMs <= now();
  return state === "partial" && createdMs + flushedWithinMs <= now();
}

function touchesDay(day: string, due: readonly DeleteRequest[]): boolean {
  const startMs = Date.parse(day);
  return due.some((request) => request.startMs < startMs + 86_400_000 && request.endMs >= startMs);
}

async function finish(
  tenant: string,
  before: DeleteRequest,
  removed: Removed,
  modules: CarryOutModules,
): Promise<void> {
  const { requests, events, flushedWithinMs, now } = modules;
  // It may have been cancelled meanwhile.
  if (!(await requests.list(tenant)).some(({ id }) => id === before.id)) return;
  const { receipt } = before;
  const request: DeleteRequest = {
    ...before,
    state: before.createdMs + flushedWithinMs <= now() ? "processed" : "partial",
    receipt: { lines: receipt.lines + removed.lines, bytes: receipt.bytes + removed.bytes, atMs: now() },
  };
  await requests.put(tenant, request);
  events.carriedOut(tenant, request);
}

/** The requests of one tenant, carried out day by day. */
class CarryingOut {
  readonly #tenant: string;
  readonly #modules: CarryOutModules;
  readonly #signal: AbortSignal;
  readonly #hidden: HiddenLines;
  readonly #removed: Map<string, Removed>;
  readonly #ahead: ObjectStore;

  constructor(tenant: string, due: readonly DeleteRequest[], modules: CarryOutModules, signal: AbortSignal) {
    this.#tenant = tenant;
    this.#modules = modules;
    this.#signal = signal;
    this.#hidden = new HiddenLines(due);
    this.#removed = new Map(due.map(({ id }) => [id, { lines: 0, bytes: 0 }]));
    this.#ahead = new ReadAhead(modules.objects, aheadBytes).store();
  }

  removed({ id }: DeleteRequest): Removed {
    return this.#removed.get(id)!;
  }

  async day(files: DayFiles): Promise<void> {
    for (const file of files.live) await this.#file(files, file);
  }

  async #file(files: DayFiles, file: IndexFile): Promise<void> {
    const { objects, merger, events, levelOf } = this.#modules;
    const fates = await this.#fates(new LabelIndex(await objects.get(file.key)).content());
    if (fates.size === 0) return;
    events.selected(this.#tenant, fates.size);
    const fate = (chunk: IndexedChunk): Fate => fates.get(nameOf(chunk)) ?? "keep";
    const change = { inputs: [file], everything: false, level: levelOf(files), fate };
    const rewritten = await merger.change(files, change, this.#signal);
    if (rewritten === undefined) throw new RatatoskError("conflict", `${file.key} could not be written anew`);
    events.deleted(this.#tenant, rewritten.entriesBefore - rewritten.entriesAfter);
  }

  /** Chunks of an index file that hold lines to delete, and what becomes of them. */
  async #fates({ chunks, segments }: ReturnType<LabelIndex["content"]>): Promise<Map<string, Fate>> {
    const fates = new Map<string, Fate>();
    const readers = segments.map((segment) => new Segment(segment, this.#reading()));
    for (const chunk of chunks) {
      const hidden = this.#hidden.of(chunk.labels);
      if (hidden === undefined || !hidden.touches(chunk)) continue;
      const whole = hidden.coveredBy(chunk);
      if (whole !== undefined) {
        this.#count(whole, chunk.entries, chunk.bytes);
        fates.set(nameOf(chunk), "drop");
      } else if (await this.#holdsHidden(chunk, readers[chunk.segment]!, segments[chunk.segment]!.key, hidden))
        fates.set(nameOf(chunk), { keep: (block) => hidden.visible(block) });
    }
    return fates;
  }

  /** Looks into the chunk, and counts what is to be deleted of it. */
  async #holdsHidden(chunk: IndexedChunk, reader: Segment, key: string, hidden: StreamHidden): Promise<boolean> {
    let holds = false;
    try {
      for (const ref of await reader.blocks(chunk.ordinal, formatLabels(chunk.labels), this.#signal, false)) {
        if (!hidden.touches(ref)) continue;
        const block = decodeBlock((await ref.fetch(allColumns, this.#signal)) as ColumnsBlock, allColumns);
        const rows = hidden.visible(block, (request, lines, bytes) => this.#count(request, lines, bytes));
        if (rows !== undefined) holds = true;
      }
    } catch (thrown) {
      const error = RatatoskError.from(thrown);
      if (error.code !== "corrupt" && error.code !== "not_found") throw thrown;
      this.#modules.events.unreadable(this.#tenant, key, error);
    }
    return holds;
  }

  #reading(): SegmentModules {
    return { objects: this.#ahead, skipIndex: undefined, read: () => undefined };
  }

  #count({ id }: DeleteRequest, lines: number, bytes: number): void {
    const removed = this.#removed.get(id)!;
    removed.lines += lines;
    removed.bytes += bytes;
  }
}

const nameOf = ({ segment, ordinal }: IndexedChunk): string => `${segment} ${ordinal}`;
