import type { BatchStream } from "@ratatosk/chunk";
import type { Limits } from "@ratatosk/config";
import { noTimeSeconds, type PushedEntries, type PushedStream } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import type { BlockBuilder } from "./block-builder.ts";
import { rfc3339 } from "./go-time.ts";
import { levels } from "./levels/level.ts";
import { lineLevel } from "./levels/line-level.ts";
import { Refusals } from "./refusals.ts";
import type { StreamLabels } from "./stream-labels.ts";
import type { Tenant } from "./tenant.ts";

/** Seconds that fit into int64 nanoseconds. */
const maxSeconds = 9_223_372_035;

/** What validation made of a push. The blocks are views that the next push overwrites. */
export interface ValidPush {
  readonly streams: readonly BatchStream[];
  readonly refusals: Refusals;
  /** Set where streams were blocked; a validation error counts before it. */
  readonly blocked: RatatoskError | undefined;
  /** Accepted. */
  readonly entries: number;
  readonly lineBytes: number;
  readonly metadataBytes: number;
  readonly truncated: { readonly entries: number; readonly bytes: number };
  /** Unix seconds of the newest accepted entry. */
  readonly newestSeconds: number;
}

export interface PushContext {
  readonly tenant: Tenant;
  readonly nowMs: number;
  /** Value of X-Loki-Backfill-Shard. */
  readonly backfillShard: string | undefined;
}

/**
 * Checks a push entry by entry and builds the blocks of what is accepted. Throws bad_request where the whole push is
 * refused: a label set that cannot be parsed, a metadata name of which nothing is left.
 */
export function validatePush(pushed: PushedEntries, builder: BlockBuilder, context: PushContext): ValidPush {
  return new Validation(pushed, builder, context).run();
}

class Validation {
  readonly #pushed: PushedEntries;
  readonly #builder: BlockBuilder;
  readonly #context: PushContext;
  readonly #limits: Limits;
  readonly #source: Buffer;
  readonly #refusals = new Refusals();
  readonly #oldestSeconds: number;
  readonly #oldestNanos: number;
  readonly #newestSeconds: number;
  readonly #newestNanos: number;
  readonly #suffix: Buffer | undefined;
  readonly #addLevel: boolean;
  #blocked: RatatoskError | undefined;
  #entries = 0;
  #lineBytes = 0;
  #metadataBytes = 0;
  #truncatedEntries = 0;
  #truncatedBytes = 0;
  #newest = noTimeSeconds;

  constructor(pushed: PushedEntries, builder: BlockBuilder, context: PushContext) {
    const { limits } = context.tenant;
    const { bytes } = pushed;
    this.#pushed = pushed;
    this.#builder = builder;
    this.#context = context;
    this.#limits = limits;
    this.#source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const oldestMs = context.nowMs - limits.reject_old_samples_max_age;
    const newestMs = context.nowMs + limits.creation_grace_period;
    this.#oldestSeconds = limits.reject_old_samples ? Math.floor(oldestMs / 1000) : -maxSeconds;
    this.#oldestNanos = limits.reject_old_samples ? (oldestMs - 1000 * this.#oldestSeconds) * 1e6 : 0;
    this.#newestSeconds = Math.floor(newestMs / 1000);
    this.#newestNanos = (newestMs - 1000 * this.#newestSeconds) * 1e6;
    const suffix = Buffer.from(limits.max_line_size_truncate_identifier);
    this.#suffix = suffix.length > 0 && suffix.length < limits.max_line_size ? suffix : undefined;
    this.#addLevel = limits.discover_log_levels && limits.allow_structured_metadata;
  }

  run(): ValidPush {
    const { tenant } = this.#context;
    const streams = this.#pushed.streams.map(({ labels }) => this.#resolve(labels));
    this.#builder.reset(this.#pushed, tenant.metadata);
    const accepted: BatchStream[] = [];
    for (const [i, stream] of this.#pushed.streams.entries()) {
      if (stream.from === stream.to || this.#refuseStream(streams[i]!, stream)) continue;
      this.#stream(streams[i]!, stream);
      for (const block of this.#builder.finish()) accepted.push({ labels: streams[i]!.text, block });
    }
    return {
      streams: accepted,
      refusals: this.#refusals,
      blocked: this.#blocked,
      entries: this.#entries,
      lineBytes: this.#lineBytes,
      metadataBytes: this.#metadataBytes,
      truncated: { entries: this.#truncatedEntries, bytes: this.#truncatedBytes },
      newestSeconds: this.#newest,
    };
  }

  #resolve(labels: string): StreamLabels {
    const { tenant, backfillShard } = this.#context;
    return backfillShard === undefined
      ? tenant.streams.resolve(labels)
      : tenant.streams.resolveBackfill(labels, backfillShard);
  }

  /** Refuses all entries of a stream whose labels are bad or that is blocked. */
  #refuseStream(stream: StreamLabels, rows: PushedStream): boolean {
    if (stream.refusal !== undefined) {
      const { reason, message } = stream.refusal;
      this.#refusals.add(reason, () => message, rows.to - rows.from, this.#bytesOf(rows));
      return true;
    }
    const blocked = this.#blockOf(stream);
    if (blocked === undefined) return false;
    this.#blocked = blocked.error;
    this.#refusals.count(blocked.reason, rows.to - rows.from, this.#bytesOf(rows));
    return true;
  }

  #blockOf({ policy }: StreamLabels): { reason: string; error: RatatoskError } | undefined {
    const { tenant, nowMs } = this.#context;
    const status = this.#limits.block_ingestion_status_code;
    const tenantUntil = this.#limits.block_ingestion_until;
    const policyUntil = tenant.policies.blockedUntil(policy);
    const blocked = (until: string): boolean => until !== "" && Date.parse(until) > nowMs;
    const refuse = (reason: string, whom: string, until: string): { reason: string; error: RatatoskError } => ({
      reason,
      error: new RatatoskError(
        "forbidden",
        `ingestion blocked for user ${whom} until '${rfc3339(Math.floor(Date.parse(until) / 1000))}' with status code '${status}'`,
        { status },
      ),
    });
    if (blocked(policyUntil))
      return refuse("blocked_ingestion_policy", `'${tenant.id}' (policy: '${policy}')`, policyUntil);
    if (blocked(tenantUntil)) return refuse("blocked_ingestion", `'${tenant.id}'`, tenantUntil);
    return undefined;
  }

  #bytesOf({ from, to }: PushedStream): number {
    let bytes = 0;
    for (let row = from; row < to; row++)
      bytes += this.#pushed.lineEnd[row]! - this.#pushed.lineAt[row]! + this.#metadataSize(row);
    return bytes;
  }

  #metadataSize(row: number): number {
    const { pairs, pairsEnd } = this.#pushed;
    let bytes = 0;
    for (let at = 4 * this.#pushed.firstPair(row), end = 4 * pairsEnd[row]!; at < end; at += 4)
      bytes += pairs[at + 1]! - pairs[at]! + pairs[at + 3]! - pairs[at + 2]!;
    return bytes;
  }

  #stream(stream: StreamLabels, { from, to }: PushedStream): void {
    const { seconds, nanos, lineAt, lineEnd } = this.#pushed;
    const limits = this.#limits;
    const builder = this.#builder;
    const step = limits.increment_duplicate_timestamp;
    let last = -1;
    let lastSeconds = 0;
    let lastNanos = 0;
    for (let row = from; row < to; row++) {
      const metadataBytes = this.#metadataSize(row);
      let second = seconds[row]!;
      let nano = nanos[row]!;
      let end = lineEnd[row]!;
      const at = lineAt[row]!;
      const tooLong = limits.max_line_size > 0 && end - at > limits.max_line_size;
      const cut = tooLong && this.#cuts;
      if (!this.#timely(second, nano, stream, end - at + metadataBytes)) continue;
      if (tooLong && !cut) {
        this.#refuseLong(stream, end - at, metadataBytes);
        continue;
      }
      if (!this.#metadataFits(row, metadataBytes, stream, end - at)) continue;
      if (cut) end = this.#cut(at, end);
      if (step && last >= 0 && second === seconds[last] && nano === nanos[last]) {
        const next = this.#sameLine(row, last) ? lastNanos : lastNanos + 1;
        second = lastSeconds + (next === 1e9 ? 1 : 0);
        nano = next === 1e9 ? 0 : next;
      }
      last = row;
      lastSeconds = second;
      lastNanos = nano;
      builder.prepare(second, nano);
      this.#metadata(row, at, end, stream);
      builder.add(second, nano, at, end, cut ? this.#suffix : undefined);
      this.#entries++;
      this.#lineBytes += end - at + (cut ? (this.#suffix?.length ?? 0) : 0);
      this.#metadataBytes += metadataBytes;
      if (second > this.#newest) this.#newest = second;
    }
  }

  #timely(second: number, nano: number, stream: StreamLabels, bytes: number): boolean {
    if (second < this.#oldestSeconds || (second === this.#oldestSeconds && nano < this.#oldestNanos)) {
      const oldest = this.#oldestSeconds;
      this.#refusals.add(
        "greater_than_max_sample_age",
        () =>
          `entry for stream '${stream.text}' has timestamp too old: ${rfc3339(second)}, oldest acceptable timestamp is: ${rfc3339(oldest)}`,
        1,
        bytes,
      );
      return false;
    }
    if (second < this.#newestSeconds || (second === this.#newestSeconds && nano <= this.#newestNanos)) return true;
    this.#refusals.add(
      "too_far_in_future",
      () => `entry for stream '${stream.text}' has timestamp too new: ${rfc3339(second)}`,
      1,
      bytes,
    );
    return false;
  }

  /** Whether long lines are cut: not where the text to put behind them does not fit. */
  get #cuts(): boolean {
    const limits = this.#limits;
    return (
      limits.max_line_size_truncate && (limits.max_line_size_truncate_identifier === "" || this.#suffix !== undefined)
    );
  }

  #cut(at: number, end: number): number {
    const kept = at + this.#limits.max_line_size - (this.#suffix?.length ?? 0);
    this.#truncatedEntries++;
    this.#truncatedBytes += end - kept;
    return kept;
  }

  #refuseLong(stream: StreamLabels, length: number, metadataBytes: number): void {
    this.#refusals.add(
      "line_too_long",
      () =>
        `max entry size '${this.#limits.max_line_size}' bytes exceeded for stream '${stream.text}' while adding an entry with length '${length}' bytes`,
      1,
      length + metadataBytes,
    );
  }

  #metadataFits(row: number, bytes: number, stream: StreamLabels, lineBytes: number): boolean {
    const pairs = this.#pushed.pairsEnd[row]! - this.#pushed.firstPair(row);
    if (pairs === 0) return true;
    const limits = this.#limits;
    const see = (limit: string): string =>
      `Please see \`limits_config.${limit}\` or contact your Loki administrator to ${limit === "allow_structured_metadata" ? "enable" : "increase"} it`;
    const refuse = (reason: string, why: string): false => {
      this.#refusals.add(reason, () => `stream '${stream.text}' ${why}`, 1, bytes + lineBytes);
      return false;
    };
    if (!limits.allow_structured_metadata)
      return refuse(
        "disallowed_structured_metadata",
        `includes structured metadata, but this feature is disallowed. ${see("allow_structured_metadata")}`,
      );
    if (limits.max_structured_metadata_size > 0 && bytes > limits.max_structured_metadata_size)
      return refuse(
        "structured_metadata_too_large",
        `has structured metadata too large: '${bytes}' bytes, limit: '${limits.max_structured_metadata_size}' bytes. ${see("max_structured_metadata_size")}`,
      );
    const most = limits.max_structured_metadata_entries_count;
    if (most > 0 && pairs > most)
      return refuse(
        "structured_metadata_too_many",
        `has too many structured metadata labels: '${pairs}', limit: '${most}'. ${see("max_structured_metadata_entries_count")}`,
      );
    return true;
  }

  /** Sets the metadata of the row about to be added: what came with it, the level, and fields found in the line. */
  #metadata(row: number, lineAt: number, lineEnd: number, stream: StreamLabels): void {
    const { metadata, genericFields } = this.#context.tenant;
    const { pairs } = this.#pushed;
    const first = this.#pushed.firstPair(row);
    const count = this.#pushed.pairsEnd[row]! - first;
    metadata.startRow();
    for (let n = 0, at = 4 * first; n < count; n++, at += 4)
      metadata.set(n, pairs[at]!, pairs[at + 1]!, pairs[at + 2]!, pairs[at + 3]!);
    if (this.#addLevel && !metadata.hasDetectedLevel)
      metadata.setText("detected_level", stream.level ?? metadata.level ?? this.#lineLevel(lineAt, lineEnd));
    if (genericFields.any) genericFields.discover(this.#source.subarray(lineAt, lineEnd), stream.labels, metadata);
  }

  #lineLevel(at: number, end: number): string {
    const { levelFields } = this.#context.tenant;
    return levels[lineLevel(this.#source, at, end, levelFields, this.#limits.log_level_from_json_max_depth)]!;
  }

  #sameLine(row: number, other: number): boolean {
    const { lineAt, lineEnd } = this.#pushed;
    return this.#source.compare(this.#source, lineAt[other], lineEnd[other], lineAt[row], lineEnd[row]) === 0;
  }
}
