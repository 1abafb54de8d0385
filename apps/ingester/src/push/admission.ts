import { type Batch, type BatchStream, takeRows } from "@ratatosk/chunk";
import type { Limits, LimitsSource } from "@ratatosk/config";
import { type Block, parseLabels, timeOf } from "@ratatosk/model";
import type { Refusal } from "@ratatosk/proto";
import { TokenBucket } from "@ratatosk/model";
import { RowRefusals, rateExceeded, tooFarBehind, tooManyStreams } from "./refusals.ts";

export interface AdmissionOptions {
  readonly limits: LimitsSource;
  /** How far behind the newest line of its stream a line may lie. */
  readonly windowMs: number;
  /** After so long without a line a stream is no longer active. */
  readonly idleMs: number;
  readonly mostShown: number;
  readonly now: () => number;
  /** Told of each stream that becomes active, and of how many a tenant no longer has. */
  readonly onCreated?: (tenant: string) => void;
  readonly onRemoved?: (tenant: string, streams: number) => void;
}

interface ActiveStream {
  newest: bigint;
  usedMs: number;
  bucket: TokenBucket | undefined;
}

/** A batch without the entries that limits refuse. */
export interface Admitted {
  /** The same object where nothing was refused. */
  readonly batch: Batch;
  readonly refused: readonly Refusal[];
}

/** Decides which entries are taken: the number of active streams, the rate of each, how far behind its newest a line is. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #windowNanos: bigint;
  readonly #tenants = new Map<string, Map<string, ActiveStream>>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#windowNanos = BigInt(Math.round(options.windowMs * 1e6));
  }

  /** Active streams by tenant. */
  get streams(): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
    return this.#tenants;
  }

  admit(batch: Batch): Admitted {
    const limits = this.#options.limits.forTenant(batch.tenant);
    const refused: Refusal[] = [];
    const streams: BatchStream[] = [];
    for (const stream of batch.streams) {
      const kept = this.#admitStream(batch.tenant, stream, limits, refused);
      if (kept !== undefined) streams.push(kept);
    }
    return refused.length === 0 ? { batch, refused } : { batch: { ...batch, streams }, refused };
  }

  /** Takes note of a batch that was admitted before a crash. */
  remember({ tenant, streams }: Batch): void {
    for (const { labels, block } of streams) {
      const active = this.#activate(tenant, labels);
      for (let row = 0; row < block.count; row++) raise(active, timeOf(block, row));
    }
  }

  /** Lets go of the streams that are no longer active. */
  expire(): void {
    const oldestMs = this.#options.now() - this.#options.idleMs;
    for (const [tenant, streams] of this.#tenants) {
      const before = streams.size;
      for (const [stream, { usedMs }] of streams) if (usedMs < oldestMs) streams.delete(stream);
      if (streams.size < before) this.#options.onRemoved?.(tenant, before - streams.size);
      if (streams.size === 0) this.#tenants.delete(tenant);
    }
  }

  #admitStream(tenant: string, stream: BatchStream, limits: Limits, refused: Refusal[]): BatchStream | undefined {
    const { labels, block } = stream;
    const known = this.#tenants.get(tenant);
    if (known?.get(labels) === undefined) {
      parseLabels(labels);
      const most = streamLimit(limits);
      if (most !== 0 && (known?.size ?? 0) >= most) {
        const bytes = block.lines.length - block.count;
        const message = tooManyStreams(labels, tenant);
        refused.push({ status: 429, reason: "stream_limit", message, entries: block.count, bytes });
        return undefined;
      }
    }
    const active = this.#activate(tenant, labels);
    return this.#admitRows(tenant, stream, active, limits, refused);
  }

  #activate(tenant: string, stream: string): ActiveStream {
    let streams = this.#tenants.get(tenant);
    if (streams === undefined) this.#tenants.set(tenant, (streams = new Map()));
    let active = streams.get(stream);
    if (active === undefined) {
      streams.set(stream, (active = { newest: minTime, usedMs: 0, bucket: undefined }));
      this.#options.onCreated?.(tenant);
    }
    active.usedMs = this.#options.now();
    return active;
  }

  /** Fast path: nothing limits the rate and no row lies behind the window. */
  #admitRows(
    tenant: string,
    stream: BatchStream,
    active: ActiveStream,
    limits: Limits,
    refused: Refusal[],
  ): BatchStream | undefined {
    const { block, labels } = stream;
    const limited = !limits.shard_streams.enabled && limits.per_stream_rate_limit > 0;
    if (!limited && this.#allWithin(active, block)) return stream;
    const behind = new RowRefusals("too_far_behind", tenant, labels, this.#options.mostShown);
    const fast = new RowRefusals("per_stream_rate_limit", tenant, labels, this.#options.mostShown);
    const kept = this.#keptRows(stream, active, limited ? limits : undefined, behind, fast);
    if (kept.length === block.count) return stream;
    refused.push(...[behind, fast].flatMap((rows) => rows.refusal(block.count) ?? []));
    return kept.length === 0 ? undefined : { labels, block: takeRows(block, Uint32Array.from(kept)) };
  }

  #keptRows(
    { labels, block }: BatchStream,
    active: ActiveStream,
    limits: Limits | undefined,
    behind: RowRefusals,
    fast: RowRefusals,
  ): number[] {
    const kept: number[] = [];
    for (let row = 0; row < block.count; row++) {
      const time = timeOf(block, row);
      const bytes = block.offsets[row + 1]! - block.offsets[row]! - 1;
      const oldest = active.newest - this.#windowNanos;
      if (time < oldest) behind.add(time, bytes, () => tooFarBehind(time, oldest));
      else if (limits !== undefined && !this.#takeRate(active, bytes, limits))
        fast.add(time, bytes, () => rateExceeded(labels, limits.per_stream_rate_limit, bytes));
      else {
        kept.push(row);
        raise(active, time);
      }
    }
    return kept;
  }

  #takeRate(active: ActiveStream, bytes: number, limits: Limits): boolean {
    const { per_stream_rate_limit: rate, per_stream_rate_limit_burst: burst } = limits;
    const nowMs = this.#options.now();
    active.bucket ??= new TokenBucket(burst, nowMs);
    return active.bucket.take(bytes, rate, burst, nowMs);
  }

  /** Raises the stream's newest if every row is near enough; otherwise changes nothing. */
  #allWithin(active: ActiveStream, { base, deltas, count }: Block): boolean {
    const window = Number(this.#windowNanos);
    const before = active.newest === minTime ? -Infinity : Number(active.newest - base);
    let newest = before;
    for (let row = 0; row < count; row++) {
      const delta = deltas[row]!;
      if (delta < newest - window) return false;
      if (delta > newest) newest = delta;
    }
    if (newest > before) active.newest = base + BigInt(newest);
    return true;
  }
}

const minTime = -(2n ** 70n);

function raise(active: ActiveStream, time: bigint): void {
  if (time > active.newest) active.newest = time;
}

function streamLimit({ max_streams_per_user: local, max_global_streams_per_user: global }: Limits): number {
  return local !== 0 && global !== 0 ? Math.min(local, global) : local || global;
}
